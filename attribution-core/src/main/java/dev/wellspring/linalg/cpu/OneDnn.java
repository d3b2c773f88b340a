package dev.wellspring.linalg.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.wellspring.linalg.foreign.NativeFunctions;
import dev.wellspring.linalg.host.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// Products by oneDNN through `java.lang.foreign`, on the calling thread: for bfloat16 matrices on processors that
/// multiply them in hardware, AMX or AVX512-BF16, with sums in float32.
///
/// The handles read like its header, dnnl.h. A product is described anew each time it is asked for: oneDNN keeps the
/// machine code of the last 1,024 descriptions itself.
final class OneDnn {
    static final NativeLibrary LIBRARY =
            new NativeLibrary("onednn", "/org/bytedeco/dnnl", List.of("libdnnl.so.3", "libgomp.so.1"));

    /// The environment variable that asks for it with `on`.
    static final String SWITCH = "WELLSPRING_ONEDNN";

    private static final int CPU = 1;
    private static final int IN_ORDER = 1;
    private static final int SOURCE = 1;
    private static final int TARGET = 17;
    private static final int WEIGHTS = 33;
    private static final int BFLOAT16 = 2;
    private static final int FLOAT32 = 3;
    private static final int LINEAR = 0x26;

    /// The bits of an instruction set with bfloat16 products; those with AMX have them too.
    private static final int AVX512_BF16 = 0xe7;

    private static final int MOST_AXES = 12;
    private static final MemoryLayout DIMENSIONS = MemoryLayout.sequenceLayout(MOST_AXES, JAVA_LONG);
    private static final long ARGUMENT_BYTES = 16;

    private final MethodHandle effectiveIsa;
    private final MethodHandle useThreads;
    private final MethodHandle createStream;
    private final MethodHandle createDescription;
    private final MethodHandle destroyDescription;
    private final MethodHandle createMatmul;
    private final MethodHandle destroyMatmul;
    private final MethodHandle createPrimitive;
    private final MethodHandle destroyPrimitive;
    private final MethodHandle createMemory;
    private final MethodHandle destroyMemory;
    private final MethodHandle createAttributes;
    private final MethodHandle destroyAttributes;
    private final MethodHandle createPostOps;
    private final MethodHandle destroyPostOps;
    private final MethodHandle appendSum;
    private final MethodHandle appendEltwise;
    private final MethodHandle setPostOps;
    private final MethodHandle execute;
    private final MethodHandle awaitStream;
    private final MemorySegment engine;
    private final ThreadLocal<MemorySegment> stream;

    /// Unpacks and loads the library.
    ///
    /// @throws UnsatisfiedLinkError as [NativeLibrary#open] does, or when it lacks a function
    OneDnn() {
        NativeFunctions functions = LIBRARY.functions();
        effectiveIsa = functions.find("dnnl_get_effective_cpu_isa", FunctionDescriptor.of(JAVA_INT));
        useThreads = functions.find("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
        createStream = functions.status("dnnl_stream_create", ADDRESS, ADDRESS, JAVA_INT);
        createDescription =
                functions.status("dnnl_memory_desc_create_with_strides", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
        destroyDescription = functions.status("dnnl_memory_desc_destroy", ADDRESS);
        createMatmul = functions.status(
                "dnnl_matmul_primitive_desc_create", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        destroyMatmul = functions.status("dnnl_primitive_desc_destroy", ADDRESS);
        createPrimitive = functions.status("dnnl_primitive_create", ADDRESS, ADDRESS);
        destroyPrimitive = functions.status("dnnl_primitive_destroy", ADDRESS);
        createMemory = functions.status("dnnl_memory_create", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        destroyMemory = functions.status("dnnl_memory_destroy", ADDRESS);
        createAttributes = functions.status("dnnl_primitive_attr_create", ADDRESS);
        destroyAttributes = functions.status("dnnl_primitive_attr_destroy", ADDRESS);
        createPostOps = functions.status("dnnl_post_ops_create", ADDRESS);
        destroyPostOps = functions.status("dnnl_post_ops_destroy", ADDRESS);
        appendSum = functions.status("dnnl_post_ops_append_sum", ADDRESS, JAVA_FLOAT, JAVA_INT, JAVA_INT);
        appendEltwise = functions.status("dnnl_post_ops_append_eltwise", ADDRESS, JAVA_INT, JAVA_FLOAT, JAVA_FLOAT);
        setPostOps = functions.status("dnnl_primitive_attr_set_post_ops", ADDRESS, ADDRESS);
        execute = functions.status("dnnl_primitive_execute", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
        awaitStream = functions.status("dnnl_stream_wait", ADDRESS);
        engine = engine(functions);
        stream = ThreadLocal.withInitial(this::newStream);
    }

    static boolean isAskedFor() {
        return "on".equals(System.getenv(SWITCH));
    }

    private static MemorySegment engine(NativeFunctions functions) {
        MethodHandle create = functions.status("dnnl_engine_create", ADDRESS, JAVA_INT, JAVA_LONG);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ADDRESS);
            require("engine", (int) create.invokeExact(place, CPU, 0L));
            return place.get(ADDRESS, 0);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// One for each thread, kept as long as the process lives; it keeps oneDNN from starting threads of its own.
    private MemorySegment newStream() {
        try (Arena arena = Arena.ofConfined()) {
            useThreads.invokeExact(1);
            MemorySegment place = arena.allocate(ADDRESS);
            require("stream", (int) createStream.invokeExact(place, engine, IN_ORDER));
            return place.get(ADDRESS, 0);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// Whether the processor multiplies bfloat16 numbers in hardware.
    boolean hasBfloat16() {
        try {
            return ((int) effectiveIsa.invokeExact() & AVX512_BF16) == AVX512_BF16;
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// C = α·A·B + β·C, for A and B of one type, BFLOAT16 or FLOAT32, and C of that type or FLOAT32; C is not read
    /// when β is 0.
    void multiply(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        MemorySegment here = stream.get();
        try (var call = new Call()) {
            MemorySegment source = call.description(a);
            MemorySegment weights = call.description(b);
            MemorySegment target = call.description(c);
            MemorySegment attributes = call.attributes((float) alpha, (float) beta, type(c));
            MemorySegment matmul = call.own(destroyMatmul);
            require("matmul", (int)
                    createMatmul.invokeExact(matmul, engine, source, weights, MemorySegment.NULL, target, attributes));
            MemorySegment primitive = call.own(destroyPrimitive);
            require("primitive", (int) createPrimitive.invokeExact(primitive, matmul.get(ADDRESS, 0)));
            MemorySegment arguments = call.arena.allocate(3 * ARGUMENT_BYTES, Long.BYTES);
            call.argument(arguments, 0, SOURCE, source, a);
            call.argument(arguments, 1, WEIGHTS, weights, b);
            call.argument(arguments, 2, TARGET, target, c);
            require("product", (int) execute.invokeExact(primitive.get(ADDRESS, 0), here, 3, arguments));
            require("product", (int) awaitStream.invokeExact(here));
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    private static int type(Matrix matrix) {
        return switch (matrix.type()) {
            case BFLOAT16 -> BFLOAT16;
            case FLOAT32 -> FLOAT32;
            case FLOAT64, FLOAT16, INT32 ->
                throw new IllegalArgumentException("expected BFLOAT16 or FLOAT32, got " + matrix.type());
        };
    }

    /// What one product describes, destroyed with it.
    private final class Call implements AutoCloseable {
        private record Owned(MethodHandle destroy, MemorySegment place) {}

        private final Arena arena = Arena.ofConfined();
        private final List<Owned> owned = new java.util.ArrayList<>();

        /// A place for a handle that will be destroyed in the end.
        MemorySegment own(MethodHandle destroy) {
            MemorySegment place = arena.allocate(ADDRESS);
            owned.add(new Owned(destroy, place));
            return place;
        }

        MemorySegment description(Matrix matrix) throws Throwable {
            MemorySegment dimensions = arena.allocate(DIMENSIONS);
            dimensions.setAtIndex(JAVA_LONG, 0, matrix.rows());
            dimensions.setAtIndex(JAVA_LONG, 1, matrix.columns());
            MemorySegment strides = arena.allocate(DIMENSIONS);
            strides.setAtIndex(JAVA_LONG, 0, matrix.transposed() ? 1 : matrix.leading());
            strides.setAtIndex(JAVA_LONG, 1, matrix.transposed() ? matrix.leading() : 1);
            MemorySegment place = own(destroyDescription);
            require("description", (int) createDescription.invokeExact(place, 2, dimensions, type(matrix), strides));
            return place.get(ADDRESS, 0);
        }

        /// First the sums times α, then β times the old values.
        MemorySegment attributes(float alpha, float beta, int targetType) throws Throwable {
            MemorySegment attributes = own(destroyAttributes);
            require("attributes", (int) createAttributes.invokeExact(attributes));
            MemorySegment operations = own(destroyPostOps);
            require("attributes", (int) createPostOps.invokeExact(operations));
            if (alpha != 1) {
                require("attributes", (int) appendEltwise.invokeExact(operations.get(ADDRESS, 0), LINEAR, alpha, 0f));
            }
            if (beta != 0) {
                require("attributes", (int) appendSum.invokeExact(operations.get(ADDRESS, 0), beta, 0, targetType));
            }
            require("attributes", (int) setPostOps.invokeExact(attributes.get(ADDRESS, 0), operations.get(ADDRESS, 0)));
            return attributes.get(ADDRESS, 0);
        }

        void argument(MemorySegment arguments, int index, int word, MemorySegment description, Matrix matrix)
                throws Throwable {
            MemorySegment memory = own(destroyMemory);
            require("memory", (int) createMemory.invokeExact(memory, description, engine, matrix.memory()));
            arguments.set(JAVA_INT, index * ARGUMENT_BYTES, word);
            arguments.set(ADDRESS, index * ARGUMENT_BYTES + Long.BYTES, memory.get(ADDRESS, 0));
        }

        @Override
        public void close() {
            try {
                for (Owned handle : owned.reversed()) {
                    MemorySegment value = handle.place().get(ADDRESS, 0);
                    if (value.address() != 0) {
                        require("destroying", (int) handle.destroy().invokeExact(value));
                    }
                }
            } catch (Throwable failure) {
                throw NativeFunctions.unexpected(failure);
            } finally {
                arena.close();
            }
        }
    }

    private static void require(String what, int status) {
        if (status != 0) {
            throw new IllegalStateException("onednn: expected a " + what + ", got status " + status);
        }
    }
}
