package dev.wellspring.queries.split;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.corpus.Fields;
import dev.wellspring.queries.corpus.JsonLines;
import dev.wellspring.queries.corpus.RecordReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A split on disk: `split.json` says what it is, `items.jsonl` has a line for each item, and `train.jsonl` and
/// `test.jsonl` hold the records themselves, each line as it was.
///
/// @param folder where the four files are
public record SplitFolder(Path folder) {
    private static final String ABOUT = "split.json";
    private static final String ITEMS = "items.jsonl";
    private static final String TRAIN = "train.jsonl";
    private static final String TEST = "test.jsonl";

    /// Writes a split, whole or not at all: into a folder beside it that then takes its name. Reads the records anew,
    /// one in memory at a time.
    ///
    /// @param corpus what was split
    /// @param written told after each record
    /// @return what `split.json` says
    /// @throws CorpusException if the corpus is no longer what was split
    /// @throws IOException if the folder cannot be written, or is there and not empty
    public ObjectNode write(Corpus corpus, Split split, SplitReport report, Runnable written) throws IOException {
        Path target = Files.exists(folder)
                ? folder.toRealPath()
                : folder.toAbsolutePath().normalize();
        Path part = target.resolveSibling(target.getFileName() + ".part");
        remove(part); // what a killed process left
        Files.createDirectories(part);
        try {
            writeRecords(corpus, split, part, written);
            SplitJson.writeItems(part.resolve(ITEMS), split, report);
            ObjectNode about = SplitJson.about(corpus, split, report);
            Files.writeString(part.resolve(ABOUT), about.toPrettyString() + "\n");
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            return about;
        } catch (IOException | RuntimeException e) {
            removeAfter(e, part);
            throw e;
        }
    }

    /// Both parts keep the records' order, so that each record must be the next of one of them.
    private static void writeRecords(Corpus corpus, Split split, Path part, Runnable written) throws IOException {
        try (RecordReader records = corpus.records();
                var train = new Part(split.train(), part.resolve(TRAIN));
                var test = new Part(split.test(), part.resolve(TEST))) {
            while (records.hasNext()) {
                Fields record = records.next();
                String id = ItemReader.id(record);
                if (!train.takes(id, record) && !test.takes(id, record)) {
                    throw changed(record.origin(), "the item " + id);
                }
                written.run();
            }
            if (train.isWaiting() || test.isWaiting()) {
                throw changed(corpus.files().getLast().toString(), "its end");
            }
        }
    }

    private static CorpusException changed(String where, String found) {
        return CorpusException.at(where, "the same records as before", found, "split again once the file is complete");
    }

    /// The records of a part as they are found.
    private static final class Part implements AutoCloseable {
        private final BufferedWriter lines;
        private final Iterator<String> ids;
        private @Nullable String next;

        Part(List<String> ids, Path file) throws IOException {
            this.lines = Files.newBufferedWriter(file);
            this.ids = ids.iterator();
            this.next = this.ids.next();
        }

        boolean takes(String id, Fields record) throws IOException {
            if (!id.equals(next)) {
                return false;
            }
            lines.write(record.line());
            lines.write('\n');
            next = ids.hasNext() ? ids.next() : null;
            return true;
        }

        boolean isWaiting() {
            return next != null;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private static void removeAfter(Exception failure, Path part) {
        try {
            remove(part);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void remove(Path part) throws IOException {
        if (Files.exists(part)) {
            for (String file : List.of(ABOUT, ITEMS, TRAIN, TEST)) {
                Files.deleteIfExists(part.resolve(file));
            }
            Files.delete(part);
        }
    }

    /// Reads the split back.
    ///
    /// @throws CorpusException if there is none, or it does not hold what its digest says
    Split read() {
        SplitJson.About about = SplitJson.readAbout(folder.resolve(ABOUT));
        Path items = folder.resolve(ITEMS);
        List<String> train = new ArrayList<>();
        List<String> test = new ArrayList<>();
        try (var lines = new JsonLines(items, items.toString())) {
            for (Fields line = lines.read(); line != null; line = lines.read()) {
                String id = Objects.requireNonNullElse(line.name("id"), "");
                String part = String.valueOf(line.text("part"));
                switch (part) {
                    case "train" -> train.add(id);
                    case "test" -> test.add(id);
                    default -> throw line.wrong("part", "train or test", "\"" + part + "\"", "split the corpus again");
                }
            }
        }
        var split = new Split(about.rule(), about.seed(), about.parameters(), about.untouched(), train, test);
        if (!split.digest().equals(about.digest())) {
            throw CorpusException.at(
                    folder.resolve(ABOUT) + ":digest",
                    about.digest(),
                    split.digest() + " over rule, seed and " + ITEMS,
                    "split the corpus again");
        }
        return split;
    }
}
