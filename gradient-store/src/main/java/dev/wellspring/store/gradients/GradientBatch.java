package dev.wellspring.store.gradients;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredBatch;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.store.arrow.ArrowBatch;
import dev.wellspring.store.arrow.StoreFileException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Some consecutive documents of a shard, as they lie in the mapped file. Whatever needs the head of the batch throws a
/// [StoreFileException] if that is damaged.
public final class GradientBatch implements StoredBatch {
    private final GradientShardReader shard;
    private final int index;
    private final long firstRow;
    /// Made when it is first asked for; made twice by two threads at once, it is the same.
    private @Nullable ArrowBatch columns;

    GradientBatch(GradientShardReader shard, int index, long firstRow) {
        this.shard = shard;
        this.index = index;
        this.firstRow = firstRow;
    }

    @Override
    public String name() {
        return shard.file() + ", batch " + index + " of " + shard.arrow().batchCount();
    }

    @Override
    public int shard() {
        return shard.shard();
    }

    /// Its number within the shard.
    int index() {
        return index;
    }

    @Override
    public long firstRow() {
        return firstRow;
    }

    @Override
    public int rows() {
        return shard.arrow().rows(index);
    }

    @Override
    public MemorySegment values(int module) {
        return columns().values(GradientFormat.values(shard.layout(), module));
    }

    @Override
    public @Nullable MemorySegment scales(int module) {
        GradientLayout layout = shard.layout();
        return layout.precision().hasScales() ? columns().values(GradientFormat.values(layout, module) + 1) : null;
    }

    /// The numbers of one document.
    MemorySegment values(int module, int row) {
        long size = (long) shard.layout().modules().get(module).values()
                * shard.layout().precision().byteSize();
        return values(module).asSlice(row * size, size);
    }

    /// Its scale, where the precision has one.
    float scale(int module, int row) {
        return (float) columns().doubleAt(GradientFormat.values(shard.layout(), module) + 1, row);
    }

    /// Waits until the batch is in memory: for a thread that reads ahead of those that compute.
    ///
    /// @throws StoreFileException if the disk fails
    @Override
    public void load() {
        shard.arrow().load(index);
    }

    @Override
    public @Nullable String damage() {
        return GradientShardReader.problem(() -> {
                    columns();
                    shard.arrow().verifyBatch(index);
                })
                .orElse(null);
    }

    /// Reads it from the disk, and says what is wrong with it.
    @Nullable
    String verify() {
        return GradientShardReader.problem(this::load).orElseGet(this::damage);
    }

    /// Whether what is kept beside the gradients can be trusted, though the batch may be damaged elsewhere.
    boolean knowsDocuments() {
        return GradientShardReader.problem(this::requireDocuments).isEmpty();
    }

    /// @throws StoreFileException if what is kept beside the gradients is damaged
    void requireDocuments() {
        columns();
        shard.arrow().verifyPart(index, GradientFormat.ABOUT);
    }

    @Override
    public StoredDocument document(int row) {
        ArrowBatch batch = columns();
        return new StoredDocument(
                documentId(row),
                part(row),
                batch.nullableStringAt(GradientFormat.SOURCE, row),
                batch.intsAt(GradientFormat.TOKENS, row),
                batch.doubleAt(GradientFormat.LOSS, row),
                batch.doubleAt(GradientFormat.GRADIENT_NORM, row),
                batch.doubleAt(GradientFormat.ERROR, row),
                batch.stringAt(GradientFormat.PREVIEW, row),
                batch.stringAt(GradientFormat.EXTRAS, row));
    }

    @Override
    public String documentId(int row) {
        return columns().stringAt(GradientFormat.DOCUMENT, row);
    }

    @Override
    public int part(int row) {
        return columns().intAt(GradientFormat.PART, row);
    }

    @Override
    public double gradientNorm(int row) {
        return columns().doubleAt(GradientFormat.GRADIENT_NORM, row);
    }

    /// The columns, once their sizes are known to be those of the layout: kernels trust them.
    private ArrowBatch columns() {
        ArrowBatch batch = columns;
        if (batch == null) {
            batch = shard.arrow().batch(index);
            requireSizes(batch);
            columns = batch;
        }
        return batch;
    }

    private void requireSizes(ArrowBatch batch) {
        GradientLayout layout = shard.layout();
        requireSize("rows", rows(), batch.rows());
        for (int module = 0; module < layout.modules().size(); module++) {
            int column = GradientFormat.values(layout, module);
            String name = layout.modules().get(module).name();
            long values = (long) rows() * layout.modules().get(module).values();
            requireSize(
                    "bytes of module " + name,
                    values * layout.precision().byteSize(),
                    batch.values(column).byteSize());
            if (layout.precision().hasScales()) {
                long size = batch.values(column + 1).byteSize();
                requireSize("bytes of the scales of module " + name, (long) rows() * Float.BYTES, size);
            }
        }
    }

    private void requireSize(String name, long expected, long found) {
        if (expected != found) {
            throw new StoreFileException(
                    shard.file(),
                    "batch " + index + " of " + shard.arrow().batchCount() + ": expected " + expected + " " + name
                            + ", found " + found + "; " + GradientFormat.ORIGIN.remedy());
        }
    }
}
