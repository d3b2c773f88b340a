package dev.wellspring.run;

import dev.wellspring.linalg.LinearAlgebra;
import java.time.Duration;

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
        String version) {}
