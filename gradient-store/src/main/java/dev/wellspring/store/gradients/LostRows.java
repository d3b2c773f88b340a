package dev.wellspring.store.gradients;

import dev.wellspring.gradient.GradientSink;
import dev.wellspring.gradient.StoredDocument;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Documents of a shard whose gradients, or all of them, are lost.
///
/// @param shard its number
/// @param firstRow the number, within the shard, of the first document
/// @param rows how many follow one another
/// @param known what is kept of them beside their gradients, if the damage has left that whole, else empty
public record LostRows(int shard, long firstRow, long rows, List<StoredDocument> known) {
    private static final int NAMED = 100;

    /// Where lost rows come from anew.
    @FunctionalInterface
    public interface Source {
        /// Computes rows again, for example by putting the documents through the model.
        ///
        /// @param lost which rows; shards and rows rise from call to call
        /// @param shard what there is of their shard, or null if its file is missing or cannot be understood
        /// @param sink gets exactly the lost rows, in their order
        void supply(LostRows lost, @Nullable GradientShardReader shard, GradientSink sink);
    }

    /// Copies the list.
    public LostRows {
        known = List.copyOf(known);
        if (!known.isEmpty() && known.size() != rows) {
            throw new IllegalArgumentException("known: expected 0 or " + rows + ", got " + known.size());
        }
    }

    /// A line for people: ids where they are known, else the numbers of the rows.
    public String description() {
        String name = ShardFile.path(Path.of(""), shard, 0).toString();
        String range = name + " rows " + firstRow + " to " + (firstRow + rows - 1);
        if (known.isEmpty()) {
            return rows + " documents, " + range + ", whose ids cannot be read";
        }
        String ids = known.stream().limit(NAMED).map(LostRows::id).collect(Collectors.joining(", "));
        return rows + " documents, " + range + ": " + ids
                + (known.size() > NAMED ? " and " + (known.size() - NAMED) + " more" : "");
    }

    private static String id(StoredDocument document) {
        String id = document.document().replaceAll("\\R", " ");
        return document.part() == 0 ? id : id + "#" + document.part();
    }
}
