package dev.wellspring.run;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import java.time.Duration;
import java.util.List;

/// What every stage of a run works with.
///
/// @param algebra the backend
/// @param progress hears how far it has come
/// @param metrics where the time goes
/// @param cancellation whether the user asked to stop
/// @param commitEvery how much work a kill may cost at most; state is saved at the end of the shard after that time
/// @param version of the program, for manifests
public record RunContext(
        LinearAlgebra algebra,
        Progress progress,
        Metrics metrics,
        Cancellation cancellation,
        Duration commitEvery,
        String version) {
    /// Loads a model, and names what its checkpoint holds beyond it: Hugging Face's code leaves such tensors out
    /// too, but they may be a sign that config.json says too little.
    ///
    /// @param type to compute in
    /// @param batchRows the most rows of a batch
    public Decoder load(Checkpoint checkpoint, DType type, int batchRows) {
        Decoder decoder = Decoder.load(checkpoint, algebra, type, batchRows);
        List<String> unused = decoder.weights().unusedTensors();
        if (!unused.isEmpty()) {
            progress.note("model: left out " + unused.size() + " tensors of the checkpoint that config.json does not"
                    + " ask for, such as " + unused.getFirst());
        }
        return decoder;
    }
}
