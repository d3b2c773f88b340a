package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.influence.ScoreKernel;
import dev.wellspring.influence.ScoreOptions;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.model.Sequence;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a device is asked to do for a batch of documents of one length does not grow with their number, so
/// that small models can fill it with large batches instead of waiting for launches.
class LaunchesTest {
    private static final int LENGTH = 9;
    private static final int MOST = 8;

    @Test
    void scoringABatchTakesAsManyLaunchesForEightDocumentsAsForTwo() throws IOException {
        EmulatedCuda cuda = EmulatedCuda.orSkip();
        GoldenCase golden = GoldenCase.load("pythia");
        int rows = MOST * (LENGTH - 1);
        try (LinearAlgebra device = new CudaLinearAlgebra(
                        CudaUnderTest.emulated(EmulatedCuda.USUAL), new ReferenceLinearAlgebra());
                Checkpoint checkpoint = Checkpoint.open(golden.model());
                Decoder decoder = Decoder.load(checkpoint, device, DType.BFLOAT16, rows)) {
            List<LinearModule> modules = decoder.modules();
            var options = new ScoreOptions(false, false, true, LENGTH - 1);
            try (QueryBlock block = block(device, modules);
                    var kernel = new ScoreKernel(device, block, new BatchCapacity(rows, MOST), options, 1 << 20)) {
                score(decoder, kernel, golden, 2); // scratch memory is allocated
                score(decoder, kernel, golden, MOST);
                long before = cuda.queued();
                score(decoder, kernel, golden, 2);
                long ofTwo = cuda.queued() - before;
                score(decoder, kernel, golden, MOST);
                long ofMost = cuda.queued() - before - ofTwo;
                assertThat(ofMost).isEqualTo(ofTwo);
                assertThat(ofTwo)
                        .as("launches, copies and products for each layer")
                        .isLessThan(110L * decoder.config().layers());
            }
        }
    }

    private static QueryBlock block(LinearAlgebra device, List<LinearModule> modules) {
        var block = new QueryBlock(device, 2, 2, DType.FLOAT32);
        try (Workspace work = new Workspace(device)) {
            for (LinearModule module : modules) {
                block.put(module, work.allocate(DType.FLOAT32, 2, module.outputs(), module.activationSize()));
            }
        }
        return block;
    }

    private static void score(Decoder decoder, ScoreKernel kernel, GoldenCase golden, int documents) {
        int[] tokens = golden.documents().values().iterator().next().tokens();
        List<Sequence> sequences = IntStream.range(0, documents)
                .mapToObj(d -> Sequence.document(Arrays.copyOf(tokens, LENGTH)))
                .toList();
        decoder.gradients(PackedBatch.of(sequences), null, new LinkedHashSet<>(decoder.modules()), kernel);
        kernel.finish();
    }
}
