package dev.wellspring.run.search;

import dev.wellspring.curvature.HostArrays;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.checkpoint.SafetensorsFile;
import dev.wellspring.model.checkpoint.SafetensorsWriter;
import dev.wellspring.model.checkpoint.TensorStorage;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// W_q of every query and module in one file, FLOAT64, written module by module.
final class QueryCoordinates implements AutoCloseable {
    /// The name of the file in a search's folder.
    static final String FILE = "query-coordinates.safetensors";

    private final LinearAlgebra algebra;
    private final SafetensorsWriter writer;

    private QueryCoordinates(LinearAlgebra algebra, SafetensorsWriter writer) {
        this.algebra = algebra;
        this.writer = writer;
    }

    /// @param dimensions of each module by name, in order
    static QueryCoordinates create(LinearAlgebra algebra, Path file, int queries, Map<String, Integer> dimensions)
            throws IOException {
        List<SafetensorsWriter.Slot> slots = dimensions.entrySet().stream()
                .map(entry -> TensorStorage.slot(entry.getKey(), DType.FLOAT64, queries, entry.getValue()))
                .toList();
        return new QueryCoordinates(algebra, SafetensorsWriter.create(file, Map.of(), slots));
    }

    /// @param values (queries, dimensions), row-major
    void put(String module, double[] values) throws IOException {
        try (Workspace work = new Workspace(algebra)) {
            Tensor tensor = work.allocate(DType.FLOAT64, 1, values.length);
            HostArrays.upload(algebra, values, tensor);
            TensorStorage.write(algebra, tensor, writer, module, DType.FLOAT64);
        }
    }

    void finish() throws IOException {
        writer.finish();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    /// (queries, dimensions) of one module.
    static double[] read(LinearAlgebra algebra, Path file, String module) throws IOException {
        try (SafetensorsFile stored = SafetensorsFile.open(file);
                Workspace work = new Workspace(algebra)) {
            Tensor tensor = work.allocate(DType.FLOAT64, stored.tensor(module).shape());
            TensorStorage.read(algebra, stored, module, tensor);
            return HostArrays.download(algebra, tensor);
        }
    }
}
