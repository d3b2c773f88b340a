package dev.wellspring.store.arrow;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// What the bodies of record batches are checked with.
public enum BodyChecksum {
    /// CRC-32C, eight hexadecimal digits.
    CRC32C("wellspring.crc32c") {
        @Override
        Sum begin() {
            CRC32C crc = new CRC32C();
            return new Sum() {
                @Override
                void add(byte[] bytes, int offset, int length) {
                    crc.update(bytes, offset, length);
                }

                @Override
                void add(MemorySegment bytes) {
                    for (long done = 0; done < bytes.byteSize(); done += CHUNK) {
                        ByteBuffer view = bytes.asSlice(done, Math.min(CHUNK, bytes.byteSize() - done))
                                .asByteBuffer();
                        crc.update(view);
                    }
                }

                @Override
                String hex() {
                    return HexFormat.of().toHexDigits((int) crc.getValue());
                }
            };
        }
    },

    /// [FletcherChecksum], sixteen hexadecimal digits: at the speed of memory, for bodies that are checked whenever
    /// they are read.
    FLETCHER("wellspring.fletcher") {
        @Override
        Sum begin() {
            FletcherChecksum fletcher = new FletcherChecksum();
            return new Sum() {
                @Override
                void add(byte[] bytes, int offset, int length) {
                    fletcher.update(bytes, offset, length);
                }

                @Override
                void add(MemorySegment bytes) {
                    fletcher.update(bytes);
                }

                @Override
                String hex() {
                    return HexFormat.of().toHexDigits(fletcher.value());
                }
            };
        }
    };

    /// A ByteBuffer ends at 2 GiB.
    private static final long CHUNK = 64L << 20;

    private final String key;

    BodyChecksum(String key) {
        this.key = key;
    }

    /// The key of the checksums in a file's metadata.
    String key() {
        return key;
    }

    /// A checksum of nothing yet.
    abstract Sum begin();

    /// The checksum of a whole body, as it stands in the metadata.
    String of(MemorySegment body) {
        Sum sum = begin();
        sum.add(body);
        return sum.hex();
    }

    /// A checksum that grows.
    abstract static class Sum {
        abstract void add(byte[] bytes, int offset, int length);

        abstract void add(MemorySegment bytes);

        abstract String hex();
    }
}
