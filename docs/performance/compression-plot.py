#!/usr/bin/env python3
"""Draws compression.svg from what compression.sh printed; needs matplotlib.

    compression-plot.py compression.csv compression.svg
"""
import csv, sys
import matplotlib
matplotlib.use("svg")
import matplotlib.pyplot as plt
import matplotlib.ticker

matplotlib.rcParams["svg.hashsalt"] = "compression"  # the same bytes every time
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
figure, axes = plt.subplots(1, 2, figsize=(10, 4), sharex=True)
styles = {"truncate": ("tab:blue", "o"), "project": ("tab:orange", "s"), "factor": ("tab:green", "^"), "full": ("black", "*")}
for axis, column, title in ((axes[0], "correlation", "correlation with exact scores"), (axes[1], "recall_100", "of the exact first 100 found")):
    for family, (colour, marker) in styles.items():
        for precision in ("int8", "bfloat16", "float32"):
            points = sorted((float(r["bytes"]), float(r[column])) for r in rows if r["compression"].startswith(family) and r["precision"] == precision)
            if points:
                fill = colour if precision == "int8" else "none"
                axis.plot(*zip(*points), marker=marker, color=colour, markerfacecolor=fill, linestyle="-" if precision == "int8" and family != "factor" else "none",
                          label=family if precision == "int8" else f"{family}, {precision}")
    axis.set_xscale("log"); axis.xaxis.set_minor_formatter(matplotlib.ticker.NullFormatter()); axis.set_xlim(1e3, 1e6); axis.set_ylim(0, 1.02); axis.set_xlabel("bytes a document"); axis.set_title(title); axis.grid(alpha=0.3)
axes[0].legend(fontsize=8)
figure.tight_layout()
figure.savefig(sys.argv[2], metadata={"Date": None})
