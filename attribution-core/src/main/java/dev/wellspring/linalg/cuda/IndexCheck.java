package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Refuses indices outside of a table. Kernels pass over such rows; the complaint comes when the host next waits for
/// the device anyway, at a download, so that nothing waits for the check alone.
final class IndexCheck {
    /// Answers that are kept before the host waits after all.
    private static final int PLACES = 1024;

    private final Gpu gpu;
    private final DeviceKernels kernels;
    private final DeviceScratch scratch;
    private final List<Asked> asked = new ArrayList<>();

    /// @param name of the indices
    /// @param count of what they point into
    private record Asked(String name, long count) {}

    IndexCheck(Gpu gpu, DeviceKernels kernels, DeviceScratch scratch) {
        this.gpu = gpu;
        this.kernels = kernels;
        this.scratch = scratch;
    }

    /// Looks at indices as they are now, for [#settle] to say.
    ///
    /// @param name of the indices
    /// @param weights indices of weight 0 are not looked at; null looks at all
    /// @param count of what they point into
    void later(String name, Tensor indices, @Nullable Tensor weights, long count) {
        if (asked.size() == PLACES) {
            settle();
        }
        kernels.withBlocks(
                "firstOutside",
                false,
                1,
                kernels.arguments()
                        .view(indices)
                        .view(weights)
                        .integer(Math.toIntExact(count))
                        .address(DeviceElements.address(answers().select(0, asked.size()))));
        asked.add(new Asked(name, count));
    }

    /// (places, 2): the first row outside or -1, and the index there.
    private Tensor answers() {
        return scratch.take(Slot.CHECK, DType.INT32, PLACES, 2);
    }

    /// Waits for the device, and complains of the first index outside of its table since it was last called.
    ///
    /// @throws IllegalArgumentException naming the indices and the row
    void settle() {
        if (asked.isEmpty()) {
            return;
        }
        int[] found = new int[2 * asked.size()];
        gpu.download(DeviceElements.address(answers()), MemorySegment.ofArray(found));
        List<Asked> answered = List.copyOf(asked);
        asked.clear();
        for (int i = 0; i < answered.size(); i++) {
            if (found[2 * i] >= 0) {
                Asked of = answered.get(i);
                throw new IllegalArgumentException(of.name() + "[" + found[2 * i] + "]: expected 0 to "
                        + (of.count() - 1) + ", got " + found[2 * i + 1]);
            }
        }
    }
}
