package dev.wellspring.store.gradients;

import dev.wellspring.gradient.EncodedShard;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.GradientSink;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.gradient.StoredModule;
import dev.wellspring.store.arrow.ArrowWriter;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Builds the file of one shard in memory: whole batches outside the heap, the batch that is growing on it.
public final class GradientShardWriter implements GradientSink {
    private static final long MAX_MODULE_BYTES = Integer.MAX_VALUE - 64L;

    private final int shard;
    private final GradientLayout layout;
    private final ShardImage image;
    private final ArrowWriter writer;
    private int documents;
    private boolean ended;

    /// @param shard its number in the store
    /// @throws IllegalArgumentException if the gradient of one module takes more than 2 GiB
    public GradientShardWriter(int shard, GradientLayout layout) {
        this.shard = shard;
        this.layout = layout;
        layout.modules().forEach(this::requireRoom);
        this.image = new ShardImage();
        this.writer = new ArrowWriter(image, GradientFormat.schema(layout), GradientFormat.batching(layout));
    }

    /// The batch that is growing is made of arrays, which end at 2 GiB.
    private void requireRoom(StoredModule module) {
        long bytes = (long) module.values() * layout.precision().byteSize();
        if (bytes > MAX_MODULE_BYTES) {
            throw new IllegalArgumentException("module " + module.name() + ": expected a gradient of at most "
                    + MAX_MODULE_BYTES + " bytes, got " + bytes + "; keep fewer directions of it");
        }
    }

    @Override
    public void write(StoredDocument document, List<MemorySegment> values, float[] scales) {
        requireOpen();
        int modules = layout.modules().size();
        require("values", modules, values.size());
        require("scales", layout.precision().hasScales() ? modules : 0, scales.length);
        for (int module = 0; module < modules; module++) {
            long expected = (long) layout.modules().get(module).values()
                    * layout.precision().byteSize();
            String name = "bytes of module " + layout.modules().get(module).name();
            require(name, expected, values.get(module).byteSize());
        }
        writeAbout(document);
        for (int module = 0; module < modules; module++) {
            int column = GradientFormat.values(layout, module);
            writer.column(column).putValues(values.get(module));
            if (layout.precision().hasScales()) {
                writer.column(column + 1).putDouble(scales[module]);
            }
        }
        writer.endRow();
        documents++;
    }

    private void writeAbout(StoredDocument document) {
        writer.column(GradientFormat.DOCUMENT).putString(document.document());
        writer.column(GradientFormat.PART).putInt(document.part());
        writer.column(GradientFormat.SOURCE).putString(document.source());
        writer.column(GradientFormat.TOKENS).putInts(document.tokens());
        writer.column(GradientFormat.LOSS).putDouble(document.loss());
        writer.column(GradientFormat.GRADIENT_NORM).putDouble(document.gradientNorm());
        writer.column(GradientFormat.ERROR).putDouble(document.error());
        writer.column(GradientFormat.PREVIEW).putString(document.preview());
        writer.column(GradientFormat.EXTRAS).putString(document.extras());
    }

    /// How many documents it has got.
    public int documents() {
        return documents;
    }

    @Override
    public long byteSize() {
        return writer.byteSize();
    }

    @Override
    public EncodedShard finish() {
        return end();
    }

    ShardImage.Encoded end() {
        requireOpen();
        ended = true;
        writer.commit();
        return image.encoded(shard, documents);
    }

    @Override
    public void close() {
        ended = true;
        writer.close();
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException("shard " + shard + ": already finished or closed");
        }
    }

    private static void require(String name, long expected, long actual) {
        if (expected != actual) {
            throw new IllegalArgumentException(name + ": expected " + expected + ", got " + actual);
        }
    }
}
