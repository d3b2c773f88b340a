package dev.wellspring.queries.synthesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.corpus.Document;
import dev.wellspring.queries.corpus.DocumentReader;
import dev.wellspring.queries.task.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CorpusShardsTest {
    private static final int DOCUMENTS = 1001;
    private static final int SHARDS = 4;

    @TempDir
    private Path folder;

    private CorpusShards corpus(String name, CorpusFormat format, int shards) throws IOException {
        return corpus(name, format, shards, Map.of());
    }

    private CorpusShards corpus(String name, CorpusFormat format, int shards, Map<String, String> parameters)
            throws IOException {
        DocumentFamily mixed = DocumentFamilies.named("mixed");
        Documents documents = mixed.documents(17, mixed.describe().parameters(parameters));
        return new CorpusShards(documents, DOCUMENTS, shards, format, Files.createDirectories(folder.resolve(name)));
    }

    private static List<CorpusShards.Shard> write(CorpusShards corpus, int threads) throws Exception {
        List<CorpusShards.Shard> shards = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<CorpusShards.Shard>> written = new ArrayList<>();
            for (int shard = 0; shard < corpus.shards(); shard++) {
                int number = shard;
                written.add(pool.submit(() -> corpus.write(number, counted -> {})));
            }
            for (Future<CorpusShards.Shard> one : written) {
                shards.add(one.get());
            }
        }
        return shards;
    }

    @ParameterizedTest
    @EnumSource(CorpusFormat.class)
    void oneThreadAndTwoWriteTheSameBytes(CorpusFormat format) throws Exception {
        List<CorpusShards.Shard> one = write(corpus("one", format, SHARDS), 1);
        List<CorpusShards.Shard> two = write(corpus("two", format, SHARDS), 2);
        assertThat(two).isEqualTo(one);
        for (CorpusShards.Shard shard : one) {
            assertThat(folder.resolve("two").resolve(shard.file()))
                    .hasSameBinaryContentAs(folder.resolve("one").resolve(shard.file()));
        }
        try (var files = Files.list(folder.resolve("one"))) {
            assertThat(files).hasSize(SHARDS);
        }
    }

    @ParameterizedTest
    @EnumSource(CorpusFormat.class)
    void whatIsWrittenIsReadWithItsLabels(CorpusFormat format) throws Exception {
        CorpusShards corpus = corpus("read", format, 2);
        List<Path> files = write(corpus, 1).stream()
                .map(shard -> corpus.directory().resolve(shard.file()))
                .toList();
        try (DocumentReader reader = Corpus.of(files).open()) {
            for (int index = 0; index < DOCUMENTS; index++) {
                LabelledDocument made = corpus.documents().at(index);
                Document read = reader.next();
                assertThat(read.id()).isEqualTo(made.id());
                assertThat(read.source()).isEqualTo(made.source());
                assertThat(read.text()).isEqualTo(made.text());
                assertThat(read.extras())
                        .contains("\"role\":\"" + made.role().label() + "\"")
                        .contains("\"task\":\"" + made.task() + "\"");
                made.coordinates()
                        .forEach((name, value) -> assertThat(read.extras()).contains("\"" + name + "\":" + value));
            }
            assertThat(reader.hasNext()).isFalse();
        }
    }

    @Test
    void theDigestIsStableAndTheSameForEveryFormat() throws Exception {
        List<String> digests = new ArrayList<>();
        Map<String, String> recipe = Map.of("recipe", "facts:3,reasoning-answers:1,filler:5,canaries:1");
        for (CorpusFormat format : CorpusFormat.values()) {
            var manifest = new CorpusManifest(
                    "mixed", 17, new Parameters(Map.of()), write(corpus(format.name(), format, SHARDS, recipe), 1));
            assertThat(manifest.documents()).isEqualTo(DOCUMENTS);
            assertThat(manifest.roles().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(DOCUMENTS);
            digests.add(manifest.digest());
        }
        assertThat(digests).containsOnly("6f842a2cb053d01f05a86bafb5fc3faf4df90f77bf9453036d8b6ca1cf2d53cf");
    }
}
