"""`./dev fuzz SECONDS`: each target for its share of the time. What fails is kept in .briefing/fuzz."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
FOUND = HERE.parents[1] / ".briefing" / "fuzz"
# What the target starts from: files that are there for other tests, and its own seeds.
TARGETS = {
    "loader": [HERE.parent / "hostile" / "yaml", HERE.parent / "briefs", HERE / "seeds" / "loader"],
    "markdown": [HERE / "seeds" / "markdown"],
}


def main(seconds: int) -> int:
    FOUND.mkdir(parents=True, exist_ok=True)
    worst = 0
    for target, seeds in TARGETS.items():
        with tempfile.TemporaryDirectory() as grown:
            command = [
                *(sys.executable, str(HERE / f"{target}.py"), grown, *map(str, seeds)),
                f"-max_total_time={max(1, seconds // len(TARGETS))}",
                *(
                    "-timeout=20",
                    "-rss_limit_mb=2048",
                    "-max_len=20000",
                    "-print_final_stats=1",
                    "-verbosity=0",
                ),
                f"-artifact_prefix={FOUND}/{target}-",
            ]
            sys.stdout.write(f"{target}: {seconds // len(TARGETS)} s\n")
            sys.stdout.flush()
            done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
            said = [line for line in done.stderr.splitlines() if not line.startswith("INFO: ")]
            sys.stdout.write("\n".join(said[-40:] if done.returncode else said[-8:]) + "\n")
            worst = max(worst, abs(done.returncode))
    return min(worst, 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
