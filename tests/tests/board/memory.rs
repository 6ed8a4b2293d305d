//! What the kiosk's process holds in its memory of a citizen, looked for from outside: page by page of
//! `/proc/PID/mem`, while the process is stopped. Its deadlines run on meanwhile, so the copy is made in large pieces.
use super::*;

/// Something to look for: what it is, and its bytes.
pub type Needle = (&'static str, Vec<u8>);

/// Copies all that the process can read into a file. One line of shell, as the guest's shell takes it.
const COPY: &str = "pid=$(pidof ciberkiosco); kill -STOP $pid; : > /run/memory; \
    while read -r range rights _; do case $rights in r*) \
    from=$((0x${range%-*})); to=$((0x${range#*-})); \
    dd if=/proc/$pid/mem bs=1M iflag=skip_bytes,count_bytes skip=$from count=$((to - from)) status=none \
    2>/dev/null >> /run/memory ;; esac; \
    done < /proc/$pid/maps; kill -CONT $pid; stat -c 'bytes %s' /run/memory; ";

/// How often each needle is in the memory of the kiosk.
pub async fn found(board: &Board, needles: &[Needle]) -> Vec<(&'static str, u32)> {
    let mut script = COPY.to_owned();
    for (_, bytes) in needles {
        let pattern: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
        script.push_str(&format!("LC_ALL=C grep -a -o -P '{pattern}' /run/memory | wc -l; "));
    }
    script.push_str("rm /run/memory");
    let said = board.shell(&script).await.expect("a look into the memory");
    let mut lines = said.lines().map(str::trim);
    let bytes = lines.find_map(|line| line.strip_prefix("bytes ")).expect("a copy of the memory");
    assert!(
        bytes.parse::<u64>().expect("its length") > 4 << 20,
        "the whole memory is more than {bytes} bytes"
    );
    let counts = lines.filter_map(|line| line.parse().ok());
    needles.iter().map(|(what, _)| *what).zip(counts).collect()
}
