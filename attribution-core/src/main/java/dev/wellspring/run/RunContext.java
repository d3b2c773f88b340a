package dev.wellspring.run;

import dev.wellspring.linalg.Closing;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What every stage of a run works with.
///
/// @param devices a backend for each device, at least one; the first does what is not shared out
/// @param progress hears how far it has come
/// @param metrics where the time goes
/// @param cancellation whether the user asked to stop
/// @param commitEvery how much work a kill may cost at most; state is saved at the end of the shard after that time
/// @param version of the program, for manifests
public record RunContext(
        List<LinearAlgebra> devices,
        Progress progress,
        Metrics metrics,
        Cancellation cancellation,
        Duration commitEvery,
        String version) {
    public RunContext {
        devices = List.copyOf(devices);
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("devices: expected at least one, got none");
        }
    }

    /// For a run on one device.
    public RunContext(
            LinearAlgebra algebra,
            Progress progress,
            Metrics metrics,
            Cancellation cancellation,
            Duration commitEvery,
            String version) {
        this(List.of(algebra), progress, metrics, cancellation, commitEvery, version);
    }

    /// The first device's backend.
    public LinearAlgebra algebra() {
        return devices.getFirst();
    }

    /// Loads a model, and names what its checkpoint holds beyond it: Hugging Face's code leaves such tensors out
    /// too, but they may be a sign that config.json says too little.
    ///
    /// @param type to compute in
    /// @param batchRows the most rows of a batch
    public Decoder load(Checkpoint checkpoint, DType type, int batchRows) {
        Decoder decoder = Decoder.load(checkpoint, algebra(), type, batchRows);
        List<String> unused = decoder.weights().unusedTensors();
        if (!unused.isEmpty()) {
            progress.note("model: left out " + unused.size() + " tensors of the checkpoint that config.json does not"
                    + " ask for, such as " + unused.getFirst());
        }
        return decoder;
    }

    /// The same on every device, in their order.
    public Replicas loadOnAll(Checkpoint checkpoint, DType type, int batchRows) {
        List<Decoder> decoders = new ArrayList<>();
        try (var opened = new Closing()) {
            decoders.add(opened.add(load(checkpoint, type, batchRows)));
            for (LinearAlgebra device : devices.subList(1, devices.size())) {
                decoders.add(opened.add(Decoder.load(checkpoint, device, type, batchRows)));
            }
            return new Replicas(devices, decoders, opened.keep());
        }
    }
}
