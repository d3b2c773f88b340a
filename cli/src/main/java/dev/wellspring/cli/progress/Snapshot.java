package dev.wellspring.cli.progress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How far one stage has come, and the words for it.
///
/// @param total how many units there are, or −1 when nobody knows
/// @param unit the plural of what is counted
/// @param tokens 0 when the stage does not count tokens
record Snapshot(String stage, long done, long total, String unit, long tokens, Duration elapsed) {
    private static final int BAR_WIDTH = 20;

    /// One line that fits `width` columns: what does not fit is left out, the bar first.
    String bar(int width) {
        List<String> words = words();
        String line = stage + "  " + String.join("  ", words);
        if (total > 0 && line.length() + BAR_WIDTH + 4 <= width) {
            return stage + "  " + drawn() + "  " + String.join("  ", words);
        }
        while (line.length() > width && words.size() > 1) {
            words.removeLast();
            line = stage + "  " + String.join("  ", words);
        }
        return line.substring(0, Math.min(line.length(), width));
    }

    /// One line for a log.
    String plain() {
        return stage + ": " + String.join(", ", words());
    }

    /// What is said when the stage is over.
    String closing() {
        List<String> words = new ArrayList<>();
        words.add(String.format(Locale.ROOT, "%,d %s in %s", done, unit, clock(elapsed)));
        addRates(words);
        return stage + ": " + String.join(", ", words);
    }

    /// The most important first.
    private List<String> words() {
        List<String> words = new ArrayList<>();
        if (total > 0) {
            words.add(String.format(Locale.ROOT, "%3d %%", percent()));
            words.add(String.format(Locale.ROOT, "%,d/%,d %s", done, total, unit));
        } else {
            words.add(String.format(Locale.ROOT, "%,d %s", done, unit));
        }
        if (total > 0 && done > 0) {
            words.add(clock(elapsed.multipliedBy(Math.max(total - done, 0)).dividedBy(done)) + " left");
        }
        addRates(words);
        return words;
    }

    private void addRates(List<String> words) {
        double seconds = elapsed.toNanos() / 1e9;
        if (seconds > 0 && done > 0) {
            words.add(String.format(
                    Locale.ROOT, done < 10 * seconds ? "%,.1f %s/s" : "%,.0f %s/s", done / seconds, unit));
            if (tokens > 0) {
                words.add(String.format(Locale.ROOT, "%,.0f tokens/s", tokens / seconds));
            }
        }
    }

    private long percent() {
        return Math.min(100, (long) (100.0 * done / total));
    }

    private String drawn() {
        int filled = (int) (percent() * BAR_WIDTH / 100);
        return "[" + "=".repeat(filled) + " ".repeat(BAR_WIDTH - filled) + "]";
    }

    /// `0:07`, `12:30`, `3:05:00`.
    private static String clock(Duration time) {
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", time.toMinutesPart(), time.toSecondsPart());
    }
}
