package dev.wellspring.curvature;

/// The largest packed batch a tap must be ready for; its scratch memory is sized by it.
///
/// @param rows the rows of all documents of one batch
/// @param documents the documents of one batch
public record BatchCapacity(int rows, int documents) {
    public BatchCapacity {
        if (documents < 1 || rows < documents) {
            throw new IllegalArgumentException("capacity: expected at least 1 document and 1 row for each, got " + rows
                    + " rows, " + documents + " documents");
        }
    }

    /// @throws IllegalArgumentException when a batch is larger
    public void require(int batchRows, int batchDocuments) {
        if (batchRows > rows || batchDocuments > documents) {
            throw new IllegalArgumentException("batch: expected at most " + rows + " rows and " + documents
                    + " documents, got " + batchRows + " and " + batchDocuments);
        }
    }
}
