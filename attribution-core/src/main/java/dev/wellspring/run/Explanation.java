package dev.wellspring.run;

import java.util.Locale;

/// Words for what a run is going to take, as `--explain` prints them.
public final class Explanation {
    private static final double MEGA = 1e6;
    private static final long MEBI = 1L << 20;

    private Explanation() {}

    /// One line: a name, then what there is to say.
    public static String line(String name, String text) {
        return String.format(Locale.ROOT, "%-24s %s", name, text);
    }

    /// A number with commas, for example `2,048`.
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// Operations, for example `12.5 MFLOP`.
    public static String operations(double operations) {
        return String.format(Locale.ROOT, "%,.1f MFLOP", operations / MEGA);
    }

    /// The same of a whole number.
    public static String operations(long operations) {
        return operations((double) operations);
    }

    /// Memory, for example `1,024 MiB`.
    public static String bytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", Math.ceilDiv(bytes, MEBI));
    }
}
