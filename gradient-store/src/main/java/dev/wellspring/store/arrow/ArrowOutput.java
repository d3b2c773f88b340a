package dev.wellspring.store.arrow;

/// Where the bytes of a file go, one after the other.
public interface ArrowOutput extends AutoCloseable {
    /// Adds bytes.
    void write(byte[] bytes, int offset, int length);

    /// Call it once, after the last byte.
    void commit();

    /// Lets go of everything, and of the bytes unless they were committed.
    @Override
    void close();
}
