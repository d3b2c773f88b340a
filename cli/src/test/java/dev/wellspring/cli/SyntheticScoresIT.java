package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.analysis.Coefficient;
import dev.wellspring.analysis.CorrelationBlock.Relation;
import dev.wellspring.cli.report.Analyses;
import dev.wellspring.cli.report.RunAnalyses;
import dev.wellspring.rank.Agreement;
import dev.wellspring.run.Progress;
import dev.wellspring.run.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The run that `docs/performance/analyses.sh` measures, small: several batches in one shard.
class SyntheticScoresIT {
    @TempDir
    private Path run;

    @Test
    void whatIsPlantedIsFound() throws IOException {
        SyntheticScores.write(run, 9000, 12);
        double[][] plain = SyntheticScores.inMemory(9000, 12, 12);
        Analyses found;
        try (var pool = new WorkerPool(2)) {
            found = RunAnalyses.of(run, 100, pool, Progress.silent());
        }
        for (int q = 1; q < 12; q++) {
            Agreement expected = Agreement.of(plain[q], plain[0]);
            assertThat(found.correlation().matrix(Coefficient.PEARSON).at(0, q))
                    .isCloseTo(expected.pearson(), within(1e-9));
            assertThat(found.correlation().matrix(Coefficient.SPEARMAN).at(0, q))
                    .isCloseTo(expected.spearman(), within(1e-9));
        }
        assertThat(found.spread().queries().get(3).positive().total())
                .isCloseTo(Arrays.stream(plain[3]).filter(x -> x > 0).sum(), within(1e-9));
        assertThat(found.correlation().blocks().get(Coefficient.PEARSON))
                .filteredOn(block -> block.relation() == Relation.WITHIN_TASK)
                .hasSize(6)
                .allSatisfy(block -> assertThat(block.mean().estimate()).isGreaterThan(0.4));
        assertThat(found.sources().groups())
                .filteredOn(one -> one.source().equals("code") && one.group().isKind() && one.depth() == 50)
                .allSatisfy(one -> assertThat(one.ratio().estimate() > 1.5)
                        .isEqualTo(!one.group().kind().equals("factual")));
    }
}
