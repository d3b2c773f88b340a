package dev.wellspring.linalg.cuda;

/// Sizes of memory for people.
final class ByteSizes {
    private ByteSizes() {}

    /// In whole GiB or MiB, or in bytes below that.
    static String words(long bytes) {
        if (bytes >= 10L << 30) {
            return (bytes >> 30) + " GiB";
        }
        return bytes >= 10L << 20 ? (bytes >> 20) + " MiB" : bytes + " bytes";
    }
}
