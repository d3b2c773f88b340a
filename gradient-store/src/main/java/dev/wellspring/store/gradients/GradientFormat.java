package dev.wellspring.store.gradients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredModule;
import dev.wellspring.store.arrow.ArrowSchema;
import dev.wellspring.store.arrow.ArrowWriter.Batching;
import dev.wellspring.store.arrow.BodyChecksum;
import dev.wellspring.store.arrow.Column;
import dev.wellspring.store.arrow.ElementType;
import dev.wellspring.store.arrow.Origin;
import dev.wellspring.store.arrow.StoreFileException;
import dev.wellspring.tensor.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The file of a shard: its columns, metadata and batches, as the package describes them.
final class GradientFormat {
    static final int VERSION = 1;

    /// What is said of files that cannot be used.
    static final Origin ORIGIN = new Origin(
            "a shard of gradients", "a store that wellspring index has written", "repair the store, or index again");

    static final int DOCUMENT = 0;
    static final int PART = 1;
    static final int SOURCE = 2;
    static final int TOKENS = 3;
    static final int LOSS = 4;
    static final int GRADIENT_NORM = 5;
    static final int ERROR = 6;
    static final int PREVIEW = 7;
    static final int EXTRAS = 8;

    /// Where the second part of a body begins.
    static final int FIRST_GRADIENT = 9;

    /// The parts of a body.
    static final int ABOUT = 0;

    private static final String NAME = "wellspring-gradients";
    private static final String PREFIX = "wellspring.";
    private static final JsonMapper JSON = new JsonMapper();

    /// A batch is checked and then multiplied: the second reading should find it in the cache that cores share.
    private static final long BATCH_BYTES = 8L << 20;
    /// Kernels take documents in blocks of at most so many.
    private static final int BLOCK = 16;
    /// Short gradients: what is kept beside them, about 2 KiB of token ids for 512 tokens, shall not outgrow the
    /// cache.
    private static final int MAX_ROWS = 2048;
    /// Long extras: offsets within a batch are 32 bits.
    private static final long MAX_BYTES = 64L << 20;

    private GradientFormat() {}

    static Batching batching(GradientLayout layout) {
        return new Batching(rowsPerBatch(layout), MAX_BYTES, BodyChecksum.FLETCHER, FIRST_GRADIENT);
    }

    /// 8 MiB of gradients, in whole blocks if there is room for one; 1 to 2,048.
    static int rowsPerBatch(GradientLayout layout) {
        long rows = BATCH_BYTES / layout.bytesPerDocument();
        long whole = rows < BLOCK ? rows : rows / BLOCK * BLOCK;
        return Math.clamp(whole, 1, MAX_ROWS);
    }

    /// The column of a module's numbers; that of its scales follows.
    static int values(GradientLayout layout, int module) {
        return FIRST_GRADIENT + module * (layout.precision().hasScales() ? 2 : 1);
    }

    static ArrowSchema schema(GradientLayout layout) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column.Scalar("document", ElementType.UTF8));
        columns.add(new Column.Scalar("part", ElementType.INT32));
        columns.add(new Column.Scalar("source", ElementType.UTF8, true));
        columns.add(new Column.Lists("tokens", ElementType.INT32));
        columns.add(new Column.Scalar("loss", ElementType.FLOAT64));
        columns.add(new Column.Scalar("gradient_norm", ElementType.FLOAT64));
        columns.add(new Column.Scalar("error", ElementType.FLOAT64));
        columns.add(new Column.Scalar("preview", ElementType.UTF8));
        columns.add(new Column.Scalar("extras", ElementType.UTF8));
        for (StoredModule module : layout.modules()) {
            ElementType type = elementType(layout.precision());
            columns.add(new Column.FixedLists("gradient:" + module.name(), type, module.values()));
            if (layout.precision().hasScales()) {
                columns.add(new Column.Scalar("scale:" + module.name(), ElementType.FLOAT32));
            }
        }
        return new ArrowSchema(columns, metadata(layout));
    }

    private static ElementType elementType(Precision precision) {
        return switch (precision) {
            case FLOAT64 -> ElementType.FLOAT64;
            case FLOAT32 -> ElementType.FLOAT32;
            case BFLOAT16 -> ElementType.UINT16;
            case INT8 -> ElementType.INT8;
        };
    }

    private static Map<String, String> metadata(GradientLayout layout) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put(PREFIX + "format", NAME);
        metadata.put(PREFIX + "version", Integer.toString(VERSION));
        metadata.put(PREFIX + "store", layout.store());
        metadata.put(PREFIX + "precision", layout.precision().word());
        metadata.put(PREFIX + "modules", json(layout.modules()));
        return metadata;
    }

    private static String json(List<StoredModule> modules) {
        try {
            return JSON.writeValueAsString(modules.stream().map(ModuleEntry::of).toList());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + modules, e);
        }
    }

    /// What the file at hand holds; the opposite of [#schema].
    ///
    /// @throws StoreFileException if it is of another format or version
    static GradientLayout layout(Path file, ArrowSchema schema) {
        Map<String, String> metadata = schema.metadata();
        String format = metadata.getOrDefault(PREFIX + "format", "nothing");
        String version = metadata.getOrDefault(PREFIX + "version", "nothing");
        if (!format.equals(NAME) || !version.equals(Integer.toString(VERSION))) {
            throw new StoreFileException(
                    file,
                    "expected format %s version %d, found %s version %s; read it with the release that wrote it"
                            .formatted(NAME, VERSION, format, version));
        }
        try {
            List<ModuleEntry> modules =
                    JSON.readValue(metadata.getOrDefault(PREFIX + "modules", ""), new TypeReference<>() {});
            GradientLayout layout = new GradientLayout(
                    metadata.getOrDefault(PREFIX + "store", ""),
                    modules.stream().map(ModuleEntry::stored).toList(),
                    Precision.parse(metadata.getOrDefault(PREFIX + "precision", "")));
            if (schema(layout).columns().equals(schema.columns())) {
                return layout;
            }
            throw new StoreFileException(file, "has other columns than its metadata says; index again");
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new StoreFileException(file, "has metadata that does not describe gradients; index again", e);
        }
    }
}
