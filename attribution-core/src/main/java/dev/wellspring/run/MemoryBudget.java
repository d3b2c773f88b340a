package dev.wellspring.run;

import dev.wellspring.model.LinearModule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.function.ToLongFunction;

/// How `--memory` is spent: everything a run keeps at its peak beside the model's weights, whatever the number of
/// documents. What does not fit in one pass over the documents is cut into several, by module.
///
/// @param bytes what `--memory` allows
public record MemoryBudget(long bytes) {
    /// The Java heap, code, the tokenizer, the batches read ahead and the libraries: measured with an idle engine
    /// and rounded up.
    public static final long BASE = 640L << 20;

    /// More rows than this do not make products faster.
    static final int MOST_ROWS = 2048;

    /// Batches of short documents hold at most one document per this many rows, which bounds what is kept per
    /// document.
    private static final int ROWS_PER_DOCUMENT = 16;

    /// The largest batch whose activations take at most two fifths of the budget.
    ///
    /// @param longest the rows of the longest chunk, which must fit
    /// @param activationBytes what a batch of that many rows takes
    /// @throws RunRefusedException when the longest chunk does not fit
    public int batchRows(int longest, IntToLongFunction activationBytes) {
        long allowed = available() * 2 / 5;
        int rows = Math.max(longest, MOST_ROWS);
        while (rows > longest && activationBytes.applyAsLong(rows) > allowed) {
            rows = Math.max(longest, rows / 2);
        }
        long needed = activationBytes.applyAsLong(rows);
        if (needed > allowed) {
            throw tooSmall("activations of one chunk of " + rows + " rows", BASE + needed * 5 / 2);
        }
        return rows;
    }

    /// The most documents in a batch of so many rows.
    public static int batchDocuments(int batchRows) {
        return Math.max(1, batchRows / ROWS_PER_DOCUMENT);
    }

    /// What is left beside the base and something else, in bytes.
    public long beside(long other) {
        return Math.max(0, available() - other);
    }

    /// Checks that something fits.
    ///
    /// @param what for the message
    /// @param needed what it takes, with everything beside it
    /// @throws RunRefusedException when it does not
    public void require(String what, long needed) {
        if (needed > available()) {
            throw tooSmall(what, BASE + needed);
        }
    }

    /// What the largest group of modules that share their input takes: the least with which [#passes] can work.
    ///
    /// @param bytesOf what a group takes
    public static long largestGroup(List<LinearModule> modules, ToLongFunction<List<LinearModule>> bytesOf) {
        long largest = 0;
        for (List<LinearModule> together : byInput(modules)) {
            largest = Math.max(largest, bytesOf.applyAsLong(together));
        }
        return largest;
    }

    /// Cuts modules into the fewest consecutive groups that fit, one pass over the documents for each. Modules that
    /// share their input stay together.
    ///
    /// @param what for the message, such as `covariances`
    /// @param bytesOf what a group takes
    /// @throws RunRefusedException when a single module does not fit
    public List<List<LinearModule>> passes(
            String what, List<LinearModule> modules, long other, ToLongFunction<List<LinearModule>> bytesOf) {
        long free = beside(other);
        List<List<LinearModule>> passes = new ArrayList<>();
        List<LinearModule> current = new ArrayList<>();
        for (List<LinearModule> together : byInput(modules)) {
            List<LinearModule> extended = new ArrayList<>(current);
            extended.addAll(together);
            if (!current.isEmpty() && bytesOf.applyAsLong(extended) > free) {
                passes.add(current);
                extended = new ArrayList<>(together);
            }
            long needed = bytesOf.applyAsLong(extended);
            if (needed > free) {
                throw tooSmall(what + " of " + together.getFirst().name(), BASE + other + needed);
            }
            current = extended;
        }
        passes.add(current);
        return passes;
    }

    /// The error for a budget that cannot hold something.
    public RunRefusedException tooSmall(String what, long neededInAll) {
        return new RunRefusedException(String.format(
                Locale.ROOT,
                "--memory: expected at least %d MiB for the %s, got %d MiB; raise it or lower --max-tokens",
                Math.ceilDiv(neededInAll, 1L << 20),
                what,
                bytes >> 20));
    }

    private long available() {
        return Math.max(0, bytes - BASE);
    }

    private static Iterable<List<LinearModule>> byInput(List<LinearModule> modules) {
        Map<String, List<LinearModule>> groups = new LinkedHashMap<>();
        modules.forEach(module -> groups.computeIfAbsent(module.inputGroup(), _ -> new ArrayList<>())
                .add(module));
        return groups.values();
    }
}
