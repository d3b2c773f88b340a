package dev.wellspring.influence;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Rotation;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The forms of a query block's modules, where they are kept.
///
/// Those that are offloaded are filled in working memory and moved when they are whole; once they are read,
/// two places on the backend are taken for them in turn.
final class QueryForms implements AutoCloseable {
    private final LinearAlgebra algebra;
    private final int queries;
    private final int rank;
    private final DType type;
    private final Placement placement;
    private final Workspace memory;
    private final Map<LinearModule, QueryForm> kept = new LinkedHashMap<>();
    private @Nullable Rotation<LinearModule> rotation;

    QueryForms(LinearAlgebra algebra, int queries, int rank, DType type, Placement placement) {
        this.algebra = algebra;
        this.queries = queries;
        this.rank = rank;
        this.type = type;
        this.placement = placement;
        this.memory = new Workspace(algebra);
    }

    /// What offloaded forms take of the backend's memory, in bytes: while they are read, and at most while one is
    /// filled.
    static long rotationBytes(List<LinearModule> modules, int queries, int rank, DType type) {
        return Rotation.byteSize(
                type,
                modules.stream()
                        .map(module -> QueryForm.shapes(module, queries, rank).stream()
                                .mapToLong(QueryForms::count)
                                .toArray())
                        .toList());
    }

    private static long count(long[] shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return count;
    }

    /// Adds a module with zeros.
    ///
    /// @return what is kept, to be written as a whole
    QueryForm add(LinearModule module) {
        if (kept.containsKey(module)) {
            throw new IllegalArgumentException("module: expected each module once, got " + module.name() + " twice");
        }
        QueryForm form = QueryForm.allocate(module, queries, rank, shape -> switch (placement) {
            case RESIDENT -> memory.allocate(type, shape);
            case OFFLOADED -> memory.allocateOffloaded(type, shape);
        });
        kept.put(module, form);
        closeRotation();
        return form;
    }

    /// A form to compute into: the kept one, or where that is offloaded, one in working memory for [#keep].
    QueryForm filling(QueryForm form, LinearModule module, Workspace work) {
        return switch (placement) {
            case RESIDENT -> form;
            case OFFLOADED -> QueryForm.allocate(module, queries, rank, shape -> work.allocate(type, shape));
        };
    }

    /// Moves what was computed to where it is kept.
    void keep(QueryForm filled, QueryForm form) {
        if (filled != form) {
            for (int i = 0; i < form.tensors().size(); i++) {
                algebra.copy(filled.tensors().get(i), form.tensors().get(i));
            }
        }
    }

    /// A module's form in the backend's memory, for what is asked of the backend before the next call.
    QueryForm get(LinearModule module) {
        QueryForm form = kept.get(module);
        if (form == null) {
            throw new IllegalArgumentException("module: expected one of the block's, got " + module.name());
        }
        if (placement == Placement.RESIDENT) {
            return form;
        }
        if (rotation == null) {
            Map<LinearModule, List<Tensor>> groups = new LinkedHashMap<>();
            kept.forEach((one, tensors) -> groups.put(one, tensors.tensors()));
            rotation = new Rotation<>(algebra, type, groups);
        }
        return QueryForm.of(rotation.take(module));
    }

    Placement placement() {
        return placement;
    }

    /// The kept forms, in the order they were added.
    Map<LinearModule, QueryForm> kept() {
        return kept;
    }

    private void closeRotation() {
        if (rotation != null) {
            rotation.close();
            rotation = null;
        }
    }

    @Override
    public void close() {
        closeRotation();
        memory.close();
    }
}
