package dev.wellspring.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.benchmark.StageOperations.Lengths;
import dev.wellspring.model.DecoderConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same counts as `docs/performance/kronfluence/operations.py`, printed by that program for these cases:
/// 16 documents of 512 tokens, 8 queries of 48, rank 32.
class StageOperationsTest {
    @TempDir
    private Path folder;

    @Test
    void parallelBlocksWithBiasesCountAsThatProgramSays() throws IOException {
        StageOperations counted = counted(ModelShape.PYTHIA_160M);
        assertThat(counted.covariance()).isEqualTo(6_151_676_165_376L);
        assertThat(counted.eigenbasis()).isEqualTo(3_299_414_759_520L);
        assertThat(counted.lambda()).isEqualTo(9_045_870_279_936L);
        assertThat(counted.queryGradients()).isEqualTo(530_151_683_712L);
        assertThat(counted.scores()).isEqualTo(4_568_622_170_112L);
    }

    @Test
    void gatedModulesThatShareAnInputCountItOnce() throws IOException {
        StageOperations counted = counted(ModelShape.LLAMA_1B);
        assertThat(counted.covariance()).isEqualTo(61_473_289_142_272L);
        assertThat(counted.eigenbasis()).isEqualTo(124_428_065_876_624L);
        assertThat(counted.lambda()).isEqualTo(102_072_011_718_656L);
        assertThat(counted.queryGradients()).isEqualTo(6_413_588_889_600L);
        assertThat(counted.scores()).isEqualTo(36_093_193_486_336L);
    }

    private StageOperations counted(ModelShape shape) throws IOException {
        DecoderConfig config = shape.write(folder);
        return StageOperations.of(config, new Lengths(16, 511), new Lengths(8, 47), 32);
    }
}
