package dev.wellspring.run;

import dev.wellspring.linalg.Closing;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.Decoder;
import java.util.List;

/// The same model on every device of a run.
///
/// @param devices their backends, which stay the caller's
/// @param decoders one for each
/// @param opened closes them
public record Replicas(List<LinearAlgebra> devices, List<Decoder> decoders, Closing opened) implements AutoCloseable {
    /// Results that wait to be taken may take this part of the Java heap.
    private static final int HEAP_SHARE = 4;

    public Replicas {
        devices = List.copyOf(devices);
        decoders = List.copyOf(decoders);
        if (devices.isEmpty() || devices.size() != decoders.size()) {
            throw new IllegalArgumentException("decoders: expected one for each of " + devices.size()
                    + " devices, at least one, got " + decoders.size());
        }
    }

    /// How many.
    public int count() {
        return decoders.size();
    }

    /// The model on the first device.
    public Decoder first() {
        return decoders.getFirst();
    }

    /// A pipeline for work on these devices.
    ///
    /// @param resultBytes what a result takes on the Java heap, about; 0 for next to nothing
    public <R> Turns<R> turns(long resultBytes) {
        long held = Runtime.getRuntime().maxMemory() / HEAP_SHARE / Math.max(1, resultBytes);
        return new Turns<>(count(), devices.getFirst().device().isPresent(), Math.clamp(held, 1, Integer.MAX_VALUE));
    }

    @Override
    public void close() {
        opened.close();
    }
}
