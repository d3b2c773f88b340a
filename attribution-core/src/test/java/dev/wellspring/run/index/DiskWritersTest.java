package dev.wellspring.run.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.gradient.EncodedShard;
import dev.wellspring.run.Listener;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskWritersTest {
    @TempDir
    private Path folder;

    private final Set<Integer> closed = ConcurrentHashMap.newKeySet();

    /// A shard that is one small file.
    private final class SmallShard implements EncodedShard {
        private final int number;

        SmallShard(int number) {
            this.number = number;
        }

        @Override
        public int shard() {
            return number;
        }

        @Override
        public long byteSize() {
            return 1 << 20;
        }

        @Override
        public int documents() {
            return 1;
        }

        @Override
        public void writeTo(Path disk) throws IOException {
            Files.writeString(disk.resolve(Integer.toString(number)), "shard");
        }

        @Override
        public void close() {
            closed.add(number);
        }
    }

    @Test
    void shardsSpreadOverDisksAndEachIsWrittenOnce() throws IOException {
        List<Path> disks = disks("a", "b", "c");
        try (var writers = new DiskWriters(disks, Progress.silent())) {
            for (int shard = 0; shard < 60; shard++) {
                writers.put(new SmallShard(shard));
            }
            writers.finish();
        }
        assertThat(written(disks))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 60).boxed().toList());
        assertThat(closed).hasSize(60);
    }

    @Test
    void whatADiskDoesNotTakeGoesToTheOthers() throws IOException {
        List<Path> disks = disks("a", "gone", "c");
        Files.delete(disks.get(1));
        var listener = new Listener();
        try (var writers = new DiskWriters(disks, listener)) {
            for (int shard = 0; shard < 30; shard++) {
                writers.put(new SmallShard(shard));
            }
            writers.finish();
        }
        assertThat(written(List.of(disks.get(0), disks.get(2))))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 30).boxed().toList());
        assertThat(closed).hasSize(30);
        assertThat(listener.notes()).allMatch(note -> note.contains("gone") && note.contains("taken out"));
    }

    @Test
    void withoutADiskTheRunEndsAndNamesThemAll() throws IOException {
        List<Path> disks = disks("a", "b");
        Files.delete(disks.get(0));
        Files.delete(disks.get(1));
        try (var writers = new DiskWriters(disks, Progress.silent())) {
            assertThatThrownBy(() -> {
                        for (int shard = 0; shard < 10; shard++) {
                            writers.put(new SmallShard(shard));
                        }
                        writers.finish();
                    })
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageContaining(disks.get(0).toString())
                    .hasMessageContaining(disks.get(1).toString())
                    .hasMessageContaining("no disk is left");
        }
    }

    @Test
    void whatWasHandedOverIsWrittenEvenIfNobodyWaits() throws IOException {
        List<Path> disks = disks("a", "b");
        try (var writers = new DiskWriters(disks, Progress.silent())) {
            writers.put(new SmallShard(0));
            writers.put(new SmallShard(1));
        }
        assertThat(written(disks)).containsExactlyInAnyOrder(0, 1);
        assertThat(closed).containsExactlyInAnyOrder(0, 1);
    }

    private List<Path> disks(String... names) throws IOException {
        List<Path> disks = new ArrayList<>();
        for (String name : names) {
            disks.add(Files.createDirectories(folder.resolve(name)));
        }
        return disks;
    }

    private static List<Integer> written(List<Path> disks) throws IOException {
        List<Integer> written = new ArrayList<>();
        for (Path disk : disks) {
            try (Stream<Path> files = Files.list(disk)) {
                files.forEach(
                        file -> written.add(Integer.valueOf(file.getFileName().toString())));
            }
        }
        return written;
    }
}
