#!/usr/bin/env python3
# Copyright (c) 2026 The BMS Main binding authors
#
# This program and the accompanying materials are made available under the
# terms of the Eclipse Public License 2.0 which is available at
# https://www.eclipse.org/legal/epl-2.0
#
# SPDX-License-Identifier: EPL-2.0
"""Puts what the benches kept in target/bench into the documentation, after a run of "mvn verify -Pbench".

In docs/, what stands between the lines "<!-- bench: NAME ... -->" and "<!-- bench end -->" is replaced by the files of
these names. Says which files are missing, and leaves their old text.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLACE = re.compile(r"(<!-- bench: ([a-z0-9 -]+?) -->\n)(.*?)(<!-- bench end -->)", re.DOTALL)


def main():
    missing = []

    def replace(match):
        files = [ROOT / "target/bench" / (name + ".md") for name in match[2].split()]
        absent = [file.name for file in files if not file.exists()]
        missing.extend(absent)
        text = match[3] if absent else "\n" + "\n".join(file.read_text() for file in files) + "\n"
        return match[1] + text + match[4]

    for page in sorted((ROOT / "docs").glob("*.md")):
        old = page.read_text()
        new = PLACE.sub(replace, old)
        if new != old:
            page.write_text(new)
            print("refreshed", page.relative_to(ROOT))
    if missing:
        sys.exit("not measured: " + ", ".join(missing))


main()
