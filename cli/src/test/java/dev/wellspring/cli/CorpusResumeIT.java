package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.run.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Corpora whose writing is killed, stopped or out of room end with the bytes of an undisturbed one.
@DisabledOnOs(OS.WINDOWS)
class CorpusResumeIT {
    private static final int SHARDS = 8;

    @TempDir
    private Path folder;

    private Path undisturbed;
    private Path corpus;
    private Path err;

    @BeforeEach
    void place() {
        undisturbed = folder.resolve("undisturbed");
        corpus = folder.resolve("corpus");
        err = folder.resolve("err");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonl.zst", "parquet"})
    void killedCorporaEndWithTheBytesOfUndisturbedOnes(String format) throws Exception {
        Commands.succeed(making(undisturbed, format));
        boolean running = killAt(() -> count(".part") > 0, format);
        running |= killAt(() -> count(format) >= 4, format);
        assertThat(running).isTrue();
        assertThat(corpus.resolve("corpus.json")).doesNotExist();
        finish(format);
        assertThat(Files.readString(err)).containsPattern("going on after \\d of 8 files");
        assertSameBytes();
    }

    @Test
    void aCorpusThatIsAskedToStopSaysHowToGoOn() throws Exception {
        Commands.succeed(making(undisturbed, "jsonl"));
        try (ChildJvm child = ChildJvm.start(err, making(corpus, "jsonl"))) {
            assertThat(child.interruptAt(() -> count("jsonl") >= 1, "TERM")).isEqualTo(ExitStatus.FAILED);
        }
        assertThat(Files.readString(err))
                .contains("To continue later: wellspring corpus make mixed --out " + corpus)
                .containsPattern("wellspring corpus make: stopped on request after \\d of 8 files;"
                        + " the same command continues it\n");
        assertThat(count(".part")).isZero();
        assertThat(Manifest.read(corpus).complete()).isFalse();
        finish("jsonl");
        assertSameBytes();
    }

    /// No file may grow beyond a number of bytes: what the system says then is what it says of a full disk but for the
    /// reason.
    @Test
    void aFullDiskIsNamedAndTheFolderIsLeftAsItWas() throws Exception {
        try (ChildJvm child = ChildJvm.startOnASmallDisk(64, err, making(corpus, "jsonl"))) {
            assertThat(child.requireEnd()).isEqualTo(ExitStatus.BAD_INPUT);
        }
        assertThat(Files.readString(err))
                .containsPattern(
                        "wellspring corpus make: \\S+/documents-0000\\d-of-00008\\.jsonl: expected a file that can"
                                + " be written, found File too large; make room");
        assertThat(corpus).doesNotExist();
        Commands.succeed(making(undisturbed, "jsonl"));
        finish("jsonl");
        assertSameBytes();
    }

    private Object[] making(Path out, String format) {
        return new Object[] {
            "corpus",
            "make",
            "mixed",
            "--out",
            out,
            "--documents",
            24_000,
            "--shards",
            SHARDS,
            "--format",
            format,
            "--threads",
            2,
            "--progress",
            "off"
        };
    }

    private boolean killAt(ChildJvm.Moment moment, String format) throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(err, making(corpus, format))) {
            return child.killAt(moment);
        }
    }

    private void finish(String format) throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(err, making(corpus, format))) {
            int status = child.requireEnd();
            assertThat(status).as(Files.readString(err)).isEqualTo(ExitStatus.DONE);
        }
    }

    /// How many files of the corpus end in something.
    private long count(String end) throws IOException {
        if (!Files.exists(corpus)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(corpus)) {
            return files.filter(file -> file.toString().endsWith(end)).count();
        }
    }

    private void assertSameBytes() throws IOException {
        List<String> names = names(undisturbed);
        assertThat(names).hasSize(SHARDS + 2);
        assertThat(names(corpus)).isEqualTo(names);
        for (String name : names) {
            assertThat(corpus.resolve(name)).hasSameBinaryContentAs(undisturbed.resolve(name));
        }
    }

    private static List<String> names(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
