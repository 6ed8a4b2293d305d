# The kiosk's binary is static: it takes the client from the archive, which holds the real one. (From 2.3 the shared
# library is a loader.)
EXTRA_OEMESON += "-Ddefault_library=both"
