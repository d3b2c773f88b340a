package dev.wellspring.cli;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes as people write it: `512M`, `8G`, `1.5g`. K, M, G and T are powers of 1,024; no letter
/// means bytes.
///
/// @param bytes at least 1
public record MemorySize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)([KMGT]?)(?:I?B)?");

    public MemorySize {
        if (bytes < 1) {
            throw new IllegalArgumentException("expected at least 1 byte, got " + bytes);
        }
    }

    /// Reads a size.
    ///
    /// @throws IllegalArgumentException when the text is no size, or not one between 1 byte and 8 EiB
    public static MemorySize parse(String text) {
        Matcher form = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException("expected a size such as 512M, 8G or 1.5g, got '" + text + "'");
        }
        double bytes = Double.parseDouble(form.group(1)) * unit(form.group(2));
        if (bytes < 1 || bytes >= Long.MAX_VALUE) {
            throw new IllegalArgumentException("expected a size from 1 byte to 8 EiB, got '" + text + "'");
        }
        return new MemorySize((long) bytes);
    }

    /// Half of what this machine, or the container around this process, has.
    public static MemorySize halfOfMachine() {
        var system = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        return new MemorySize(Math.max(system.getTotalMemorySize() / 2, 1));
    }

    /// The same size in the largest unit that leaves a number of at least 1, such as `11.8G`.
    @Override
    public String toString() {
        String units = "KMGT";
        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < units.length() - 1) {
            value /= 1024;
            unit++;
        }
        String number = value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
        return unit < 0 ? number : number + units.charAt(unit);
    }

    private static double unit(String letter) {
        return switch (letter) {
            case "K" -> 0x1p10;
            case "M" -> 0x1p20;
            case "G" -> 0x1p30;
            case "T" -> 0x1p40;
            default -> 1;
        };
    }
}
