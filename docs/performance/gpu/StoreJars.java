import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Copies jars without compressing them, since the pack is compressed as a whole, and without what nothing there reads:
/// module descriptors (the jars lie on a class path), headers, the CUDA of plain C++ (there is a real one), and native code
/// that only JavaCPP or other systems load.
///
/// Folders stay: JUnit looks for a package's tests by its folder.
///
/// Arguments: folder, jars. `pack.sh` runs this from its source.
public final class StoreJars {
    private static final Pattern LEFT_OUT = Pattern.compile("(.*/)?module-info\\.class|.*\\.h|.*/cuda/emulation/.*"
            + "|.*/libjniopenblas.*|(aix|darwin|freebsd|win)/.*|linux/(?!amd64/).*|META-INF/[^/]*\\.(SF|RSA)");

    private StoreJars() {}

    /// Copies.
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        for (int i = 1; i < arguments.length; i++) {
            Path jar = Path.of(arguments[i]);
            store(jar, folder.resolve(jar.getFileName()));
        }
    }

    private static void store(Path from, Path to) throws IOException {
        try (ZipFile jar = new ZipFile(from.toFile());
                ZipOutputStream out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(to)))) {
            out.setMethod(ZipOutputStream.STORED);
            Enumeration<? extends ZipEntry> entries = jar.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!LEFT_OUT.matcher(entry.getName()).matches()) {
                    add(out, entry.getName(), jar.getInputStream(entry).readAllBytes());
                }
            }
        }
    }

    private static void add(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0); // the same jars give the same pack
        entry.setSize(bytes.length);
        entry.setCrc(checksum.getValue());
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
    }
}
