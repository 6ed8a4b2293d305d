//! What the kiosk's process holds in its memory of a citizen, looked for from outside: in all that is readable of
//! `/proc/PID/mem`, while the process is stopped. Its deadlines run on meanwhile, so that one program reads it all.
use super::*;

/// Something to look for: what it is, and its bytes.
pub type Needle = (&'static str, Vec<u8>);

/// Counts the bytes read, and each needle in them. One line of shell, as the guest's shell takes it; Perl is in every
/// Debian.
const SEARCH: &str = r#"perl -e 'my $pid = shift; my @needles = map { pack "H*", $_ } @ARGV; my @counts = (0) x @needles; my $bytes = 0; kill STOP => $pid; open my $maps, "<", "/proc/$pid/maps"; open my $memory, "<:raw", "/proc/$pid/mem"; for (<$maps>) { my ($from, $to) = /^(\w+)-(\w+) r/ or next; sysseek $memory, hex $from, 0; my $read = sysread $memory, my $piece, hex($to) - hex($from) or next; $bytes += $read; for my $which (0 .. $#needles) { for (my $at = -1; ($at = index $piece, $needles[$which], $at + 1) >= 0; ) { $counts[$which]++ } } } kill CONT => $pid; print "bytes $bytes\n", map { "$_\n" } @counts' $(pidof ciberkiosco)"#;

/// How often each needle is in the memory of the kiosk.
pub async fn found(board: &Board, needles: &[Needle]) -> Vec<(&'static str, u32)> {
    let mut script = SEARCH.to_owned();
    for (_, bytes) in needles {
        script.push(' ');
        script.extend(bytes.iter().map(|byte| format!("{byte:02x}")));
    }
    let said = board.shell(&script).await.expect("a look into the memory");
    let mut lines = said.lines().map(str::trim);
    let bytes = lines.find_map(|line| line.strip_prefix("bytes ")).expect("a search of the memory");
    assert!(
        bytes.parse::<u64>().expect("its length") > 4 << 20,
        "the whole memory is more than {bytes} bytes"
    );
    let counts = lines.filter_map(|line| line.parse().ok());
    needles.iter().map(|(what, _)| *what).zip(counts).collect()
}

/// Names the files that hold one of the needles: on the data partition and in everything that is in memory.
const SEARCH_FILES: &str = r#"perl -e 'use File::Find; my @needles = map { pack "H*", $_ } @ARGV; find({ no_chdir => 1, wanted => sub { return unless -f && -r && -s() < 1 << 28; open my $file, "<:raw", $_ or return; local $/; my $text = <$file>; for my $which (0 .. $#needles) { print "found $_ $which\n" if index($text, $needles[$which]) >= 0 } } }, grep { -d } qw(/data /run /tmp /dev/shm /var)); print "searched\n"'"#;

/// Which file holds which needle.
pub async fn files_with(board: &Board, needles: &[Needle]) -> Vec<String> {
    let mut script = SEARCH_FILES.to_owned();
    for (_, bytes) in needles {
        script.push(' ');
        script.extend(bytes.iter().map(|byte| format!("{byte:02x}")));
    }
    let said = board.shell(&script).await.expect("a look into the files");
    assert!(said.contains("searched"), "{said}");
    said.lines().filter_map(|line| line.trim().strip_prefix("found ").map(str::to_owned)).collect()
}
