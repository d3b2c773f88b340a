package dev.wellspring.run;

import dev.wellspring.linalg.AttentionMemory;
import dev.wellspring.linalg.ComposedAttention;
import dev.wellspring.linalg.cuda.CudaLinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.function.ToLongFunction;

/// How memory is spent: everything a run keeps at its peak, whatever the number of documents. What does not fit in
/// one pass over the documents is cut into several, by module.
///
/// @param bytes what there is
/// @param place whose memory it is
/// @param base what is taken before anything is planned
/// @param offloadable what may wait in the host's memory until a device needs it, in bytes; 0 where tensors
///     live in the host's memory anyway
public record MemoryBudget(long bytes, Place place, long base, long offloadable) {
    /// The Java heap, code, the tokenizer, the batches read ahead and the libraries: measured with an idle engine
    /// and rounded up.
    public static final long BASE = 640L << 20;

    /// An H100 was measured at 350 TFLOP/s of TF32 products, which bfloat16 models take, and 3.0 TB/s.
    private static final double NARROW_BYTE_OPERATIONS = 100;

    /// The rate of exact products is a sixth of that.
    private static final double WIDE_BYTE_OPERATIONS = 20;

    /// Two cores with 512-bit vectors were measured at 440 GFLOP/s in FLOAT32 and twice that in BFLOAT16, and at
    /// some 20 GB/s each.
    private static final double HOST_BYTE_OPERATIONS = 20;

    /// What a device's driver and libraries are left: an allowance, not a measurement.
    public static final long DEVICE_RESERVE = 1L << 30;

    /// Whose memory a budget is.
    public enum Place {
        /// This process', beside the model's weights. More rows than the most do not make products faster;
        /// fewer than the fewest make them slow.
        PROCESS("--memory", "raise it or lower --max-tokens", 512, 2048),
        /// A device's, the model's weights in it. Sums of covariances are read and written once a batch, so that
        /// batches are larger where memory is fast but products are faster still.
        DEVICE(
                "device memory",
                "take a larger device, shorter documents, fewer queries at a time or a lower --rank",
                4096,
                16_384);

        private final String word;
        private final String remedy;
        private final int fewestRows;
        private final int mostRows;

        Place(String word, String remedy, int fewestRows, int mostRows) {
            this.word = word;
            this.remedy = remedy;
            this.fewestRows = fewestRows;
            this.mostRows = mostRows;
        }
    }

    /// More than so many bytes of products at once save little more.
    private static final long MOST_PRODUCTS = 1L << 30;

    private static final int PRODUCT_SHARE = 16;

    /// Batches of short documents hold at most one document per this many rows, which bounds what is kept per
    /// document.
    private static final int ROWS_PER_DOCUMENT = 16;

    /// What `--memory` allows beside the model's weights.
    public MemoryBudget(long bytes) {
        this(bytes, Place.PROCESS, BASE, 0);
    }

    /// A device's memory, with a model's weights in it, and nothing of the host's.
    ///
    /// @param bytes what the device has
    /// @param weights what [dev.wellspring.model.DecoderWeights#byteSize] says
    /// @throws RunRefusedException when the weights alone do not fit
    public static MemoryBudget ofDevice(long bytes, long weights) {
        return ofDevice(bytes, weights, 0);
    }

    /// The same, with a part of the host's memory.
    ///
    /// @param host what the host may be asked for, with what this process takes of it anyway
    /// @throws RunRefusedException when the weights alone do not fit
    public static MemoryBudget ofDevice(long bytes, long weights, long host) {
        var budget = new MemoryBudget(bytes, Place.DEVICE, DEVICE_RESERVE + weights, Math.max(0, host - BASE));
        budget.require("weights", 0);
        return budget;
    }

    /// What a decoder and its backend need beside the weights where this memory is, in bytes.
    ///
    /// @param rows of a batch
    /// @param longest the rows of the longest sequence
    public long workingBytes(DecoderConfig config, DType type, int rows, int longest) {
        AttentionMemory attention = switch (place) {
            case PROCESS -> ComposedAttention::byteSize;
            case DEVICE -> CudaLinearAlgebra::attentionBytes;
        };
        return Decoder.workingBytes(config, type, rows, longest, attention, logitBytes());
    }

    /// What the logits of a chunk of rows may take where this memory is, in bytes.
    public long logitBytes() {
        return switch (place) {
            case PROCESS -> Decoder.HOST_LOGIT_BYTES;
            case DEVICE -> Decoder.DEVICE_LOGIT_BYTES;
        };
    }

    /// How many operations of a model in that type a byte counts as that crosses between this memory and its
    /// processors, where that decides what is cheaper.
    public double byteOperations(DType model) {
        return switch (place) {
            case PROCESS -> HOST_BYTE_OPERATIONS;
            case DEVICE -> model == DType.BFLOAT16 ? NARROW_BYTE_OPERATIONS : WIDE_BYTE_OPERATIONS;
        };
    }

    /// The largest batch whose activations take at most two fifths of the budget.
    ///
    /// @param longest the rows of the longest chunk, which must fit
    /// @param activationBytes what a batch of that many rows takes
    /// @throws RunRefusedException when the longest chunk does not fit
    public int batchRows(int longest, IntToLongFunction activationBytes) {
        return batchRows(longest, available() * 2 / 5, activationBytes);
    }

    /// Smaller batches than the largest, down to where products become slow: the memory that they leave may save a
    /// pass over the documents.
    ///
    /// @param longest the rows of the longest chunk, which must fit
    /// @param most the rows of the largest batch, which [#batchRows] gives
    public List<Integer> smallerBatches(int longest, int most) {
        List<Integer> smaller = new ArrayList<>();
        for (int rows = most / 2; rows >= Math.max(longest, place.fewestRows); rows /= 2) {
            smaller.add(rows);
        }
        return smaller;
    }

    /// The same as [#batchRows] for half of the budget: where something has to be sent for each batch, fewer
    /// ones are cheaper.
    public int fewBatchesRows(int longest, IntToLongFunction activationBytes) {
        return batchRows(longest, available() / 2, activationBytes);
    }

    private int batchRows(int longest, long allowed, IntToLongFunction activationBytes) {
        int rows = Math.max(longest, place.mostRows);
        while (rows > longest && activationBytes.applyAsLong(rows) > allowed) {
            rows = Math.max(longest, rows / 2);
        }
        long needed = activationBytes.applyAsLong(rows);
        if (needed > allowed) {
            throw tooSmall("activations of one chunk of " + rows + " rows", base + needed * 5 / 2);
        }
        return rows;
    }

    /// What products of several documents may take together: on a device one document's is too small to keep
    /// it busy; for a processor one at a time stays nearer.
    public long productBytes() {
        return place == Place.DEVICE ? Math.min(MOST_PRODUCTS, bytes / PRODUCT_SHARE) : 0;
    }

    /// The most documents in a batch of so many rows.
    public static int batchDocuments(int batchRows) {
        return Math.max(1, batchRows / ROWS_PER_DOCUMENT);
    }

    /// What is left beside the base and something else, in bytes.
    public long beside(long other) {
        return Math.max(0, available() - other);
    }

    /// The same budget where nothing may wait in the host's memory.
    public MemoryBudget withoutOffloading() {
        return new MemoryBudget(bytes, place, base, 0);
    }

    /// Checks that something fits.
    ///
    /// @param what for the message
    /// @param needed what it takes, with everything beside it
    /// @throws RunRefusedException when it does not
    public void require(String what, long needed) {
        if (base + needed > bytes) {
            throw tooSmall(what, base + needed);
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
                throw tooSmall(what + " of " + together.getFirst().name(), base + other + needed);
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
                "%s: expected at least %d MiB for the %s, got %d MiB; %s",
                place.word,
                Math.ceilDiv(neededInAll, 1L << 20),
                what,
                bytes >> 20,
                place.remedy));
    }

    private long available() {
        return Math.max(0, bytes - base);
    }

    private static Iterable<List<LinearModule>> byInput(List<LinearModule> modules) {
        Map<String, List<LinearModule>> groups = new LinkedHashMap<>();
        modules.forEach(module -> groups.computeIfAbsent(module.inputGroup(), _ -> new ArrayList<>())
                .add(module));
        return groups.values();
    }
}
