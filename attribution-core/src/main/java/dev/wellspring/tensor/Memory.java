package dev.wellspring.tensor;

/// A block of bytes that belongs to the backend that allocated it. Whoever asked for it closes it; views share it and
/// never close it. Closing twice is allowed.
public interface Memory extends AutoCloseable {
    /// The size of the block in bytes.
    long byteSize();

    @Override
    void close();
}
