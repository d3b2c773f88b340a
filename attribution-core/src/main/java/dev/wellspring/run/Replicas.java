package dev.wellspring.run;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.Decoder;
import java.util.List;

/// The same model on every device of a run.
///
/// @param devices their backends, which stay the caller's
/// @param decoders one for each, closed with this
public record Replicas(List<LinearAlgebra> devices, List<Decoder> decoders) implements AutoCloseable {
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
    public <R> Turns<R> turns() {
        return new Turns<>(count(), devices.getFirst().device().isPresent());
    }

    @Override
    public void close() {
        decoders.forEach(Decoder::close);
    }
}
