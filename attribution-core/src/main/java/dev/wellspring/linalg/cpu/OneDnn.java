package dev.wellspring.linalg.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.wellspring.linalg.foreign.NativeFunctions;
import dev.wellspring.linalg.host.Matrix;
import dev.wellspring.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Products by oneDNN through `java.lang.foreign`, on the calling thread: of float32 matrices, and of bfloat16
/// ones on processors that multiply them in hardware, AMX or AVX512-BF16, with sums in float32.
///
/// The handles read like its header, dnnl.h. To describe a product costs as much as to multiply small matrices, so
/// each thread keeps those that it was asked for last, and only sets the addresses anew.
final class OneDnn implements AutoCloseable {
    static final NativeLibrary LIBRARY =
            new NativeLibrary("onednn", "/org/bytedeco/dnnl", List.of("libdnnl.so.3", "libgomp.so.1"));

    /// The environment variable that does without it with `off`.
    static final String SWITCH = "WELLSPRING_ONEDNN";

    private static final int CPU = 1;
    private static final int IN_ORDER = 1;
    private static final int SOURCE = 1;
    private static final int TARGET = 17;
    private static final int WEIGHTS = 33;
    private static final int BFLOAT16 = 2;
    private static final int FLOAT32 = 3;
    private static final int STRICT = 0;
    private static final int SQUARE = 0x23;
    private static final int LINEAR = 0x26;

    /// The bits of instruction sets: what a processor has contains those of all that it has.
    private static final int AVX512 = 0x27;

    private static final int AVX512_BF16 = 0xe7;

    private static final int MOST_AXES = 12;
    private static final MemoryLayout DIMENSIONS = MemoryLayout.sequenceLayout(MOST_AXES, JAVA_LONG);
    private static final long ARGUMENT_BYTES = 16;

    /// Products that a thread keeps.
    private static final int KEPT = 512;

    private final int instructions;
    private final MethodHandle useThreads;
    private final MethodHandle createStream;
    private final MethodHandle destroyStream;
    private final MethodHandle createDescription;
    private final MethodHandle destroyDescription;
    private final MethodHandle createMatmul;
    private final MethodHandle destroyMatmul;
    private final MethodHandle createPrimitive;
    private final MethodHandle destroyPrimitive;
    private final MethodHandle createMemory;
    private final MethodHandle destroyMemory;
    private final MethodHandle setAddress;
    private final MethodHandle createAttributes;
    private final MethodHandle destroyAttributes;
    private final MethodHandle setMath;
    private final MethodHandle createPostOps;
    private final MethodHandle destroyPostOps;
    private final MethodHandle appendSum;
    private final MethodHandle appendEltwise;
    private final MethodHandle setPostOps;
    private final MethodHandle execute;
    private final MethodHandle awaitStream;
    private final MemorySegment engine;
    private final Queue<Worker> workers = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Worker> worker = ThreadLocal.withInitial(this::newWorker);

    /// Unpacks and loads the library.
    ///
    /// @throws UnsatisfiedLinkError as [NativeLibrary#open] does, or when it lacks a function
    OneDnn() {
        NativeFunctions functions = LIBRARY.functions();
        instructions = instructions(functions);
        useThreads = functions.find("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
        createStream = functions.status("dnnl_stream_create", ADDRESS, ADDRESS, JAVA_INT);
        destroyStream = functions.status("dnnl_stream_destroy", ADDRESS);
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
        setAddress = functions.status("dnnl_memory_set_data_handle", ADDRESS, ADDRESS);
        createAttributes = functions.status("dnnl_primitive_attr_create", ADDRESS);
        destroyAttributes = functions.status("dnnl_primitive_attr_destroy", ADDRESS);
        setMath = functions.status("dnnl_primitive_attr_set_fpmath_mode", ADDRESS, JAVA_INT);
        createPostOps = functions.status("dnnl_post_ops_create", ADDRESS);
        destroyPostOps = functions.status("dnnl_post_ops_destroy", ADDRESS);
        appendSum = functions.status("dnnl_post_ops_append_sum", ADDRESS, JAVA_FLOAT, JAVA_INT, JAVA_INT);
        appendEltwise = functions.status("dnnl_post_ops_append_eltwise", ADDRESS, JAVA_INT, JAVA_FLOAT, JAVA_FLOAT);
        setPostOps = functions.status("dnnl_primitive_attr_set_post_ops", ADDRESS, ADDRESS);
        execute = functions.status("dnnl_primitive_execute", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
        awaitStream = functions.status("dnnl_stream_wait", ADDRESS);
        engine = engine(functions);
    }

    static boolean isRefused() {
        return "off".equals(System.getenv(SWITCH));
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

    /// Keeps oneDNN from starting threads of its own.
    private Worker newWorker() {
        try (Arena arena = Arena.ofConfined()) {
            useThreads.invokeExact(1);
            MemorySegment place = arena.allocate(ADDRESS);
            require("stream", (int) createStream.invokeExact(place, engine, IN_ORDER));
            var here = new Worker(place.get(ADDRESS, 0));
            workers.add(here);
            return here;
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    private static int instructions(NativeFunctions functions) {
        MethodHandle effectiveIsa = functions.find("dnnl_get_effective_cpu_isa", FunctionDescriptor.of(JAVA_INT));
        try {
            return (int) effectiveIsa.invokeExact();
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// Whether the processor has AVX-512.
    boolean hasAvx512() {
        return (instructions & AVX512) == AVX512;
    }

    /// Whether the processor multiplies bfloat16 numbers in hardware, by AVX-512 or AMX.
    boolean hasBfloat16() {
        return (instructions & AVX512_BF16) == AVX512_BF16;
    }

    /// C = α·A·B + β·C, for A and B of one type, BFLOAT16 or FLOAT32, and C of that type or FLOAT32; C is not read
    /// when β is 0.
    void multiply(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        multiply(Sum.WEIGHED, (float) alpha, a, b, (float) beta, c);
    }

    /// C = (A·B)² + C, element by element, for matrices as in [#multiply].
    void addSquared(Matrix a, Matrix b, Matrix c) {
        multiply(Sum.SQUARED, 1, a, b, 1, c);
    }

    private void multiply(Sum sum, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
        Worker here = worker.get();
        here.products
                .computeIfAbsent(new Shape(sum, alpha, beta, Layout.of(a), Layout.of(b), Layout.of(c)), Product::new)
                .multiply(here.stream, a, b, c);
    }

    /// What becomes of the sums of a product.
    private enum Sum {
        /// They are multiplied by α.
        WEIGHED,
        /// They are squared.
        SQUARED
    }

    /// All that matters of a product but where its matrices lie.
    private record Shape(Sum sum, float alpha, float beta, Layout a, Layout b, Layout c) {}

    private record Layout(DType type, int rows, int columns, int leading, boolean transposed) {
        static Layout of(Matrix matrix) {
            return new Layout(matrix.type(), matrix.rows(), matrix.columns(), matrix.leading(), matrix.transposed());
        }

        int typeCode() {
            return switch (type) {
                case BFLOAT16 -> BFLOAT16;
                case FLOAT32 -> FLOAT32;
                case FLOAT64, FLOAT16, INT32 ->
                    throw new IllegalArgumentException("expected BFLOAT16 or FLOAT32, got " + type);
            };
        }
    }

    /// What a thread has of its own.
    private static final class Worker {
        private final MemorySegment stream;

        /// The least recently used first.
        private final Map<Shape, Product> products = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Shape, Product> eldest) {
                if (size() > KEPT) {
                    eldest.getValue().close();
                    return true;
                }
                return false;
            }
        };

        Worker(MemorySegment stream) {
            this.stream = stream;
        }
    }

    /// A product that is ready to run, of one thread.
    private final class Product implements AutoCloseable {
        private record Owned(MethodHandle destroy, MemorySegment place) {}

        private final Arena arena = Arena.ofAuto();
        private final List<Owned> owned = new ArrayList<>();
        private final MemorySegment primitive;
        private final MemorySegment source;
        private final MemorySegment weights;
        private final MemorySegment target;
        private final MemorySegment arguments;

        Product(Shape shape) {
            try {
                MemorySegment a = description(shape.a);
                MemorySegment b = description(shape.b);
                MemorySegment c = description(shape.c);
                MemorySegment attributes = attributes(shape);
                MemorySegment matmul = own(destroyMatmul);
                require("matmul", (int)
                        createMatmul.invokeExact(matmul, engine, a, b, MemorySegment.NULL, c, attributes));
                MemorySegment place = own(destroyPrimitive);
                require("primitive", (int) createPrimitive.invokeExact(place, matmul.get(ADDRESS, 0)));
                primitive = place.get(ADDRESS, 0);
                arguments = arena.allocate(3 * ARGUMENT_BYTES, Long.BYTES);
                source = argument(0, SOURCE, a);
                weights = argument(1, WEIGHTS, b);
                target = argument(2, TARGET, c);
            } catch (Throwable failure) {
                close();
                throw NativeFunctions.unexpected(failure);
            }
        }

        void multiply(MemorySegment stream, Matrix a, Matrix b, Matrix c) {
            try {
                require("pointer", (int) setAddress.invokeExact(source, a.memory()));
                require("pointer", (int) setAddress.invokeExact(weights, b.memory()));
                require("pointer", (int) setAddress.invokeExact(target, c.memory()));
                require("product", (int) execute.invokeExact(primitive, stream, 3, arguments));
                require("product", (int) awaitStream.invokeExact(stream));
            } catch (Throwable failure) {
                throw NativeFunctions.unexpected(failure);
            }
        }

        /// A place for a handle that will be destroyed in the end.
        private MemorySegment own(MethodHandle destroy) {
            MemorySegment place = arena.allocate(ADDRESS);
            owned.add(new Owned(destroy, place));
            return place;
        }

        private MemorySegment description(Layout matrix) throws Throwable {
            MemorySegment dimensions = arena.allocate(DIMENSIONS);
            dimensions.setAtIndex(JAVA_LONG, 0, matrix.rows);
            dimensions.setAtIndex(JAVA_LONG, 1, matrix.columns);
            MemorySegment strides = arena.allocate(DIMENSIONS);
            strides.setAtIndex(JAVA_LONG, 0, matrix.transposed ? 1 : matrix.leading);
            strides.setAtIndex(JAVA_LONG, 1, matrix.transposed ? matrix.leading : 1);
            MemorySegment place = own(destroyDescription);
            require("description", (int)
                    createDescription.invokeExact(place, 2, dimensions, matrix.typeCode(), strides));
            return place.get(ADDRESS, 0);
        }

        /// First the sums times α or squared, then β times the old values. Float32 stays float32, whatever
        /// ONEDNN_DEFAULT_FPMATH_MODE allows.
        private MemorySegment attributes(Shape shape) throws Throwable {
            MemorySegment attributes = own(destroyAttributes);
            require("attributes", (int) createAttributes.invokeExact(attributes));
            require("attributes", (int) setMath.invokeExact(attributes.get(ADDRESS, 0), STRICT));
            MemorySegment operations = own(destroyPostOps);
            require("attributes", (int) createPostOps.invokeExact(operations));
            MemorySegment list = operations.get(ADDRESS, 0);
            if (shape.sum == Sum.SQUARED) {
                require("attributes", (int) appendEltwise.invokeExact(list, SQUARE, 0f, 0f));
            } else if (shape.alpha != 1) {
                require("attributes", (int) appendEltwise.invokeExact(list, LINEAR, shape.alpha, 0f));
            }
            if (shape.beta != 0) {
                require("attributes", (int) appendSum.invokeExact(list, shape.beta, 0, shape.c.typeCode()));
            }
            require("attributes", (int) setPostOps.invokeExact(attributes.get(ADDRESS, 0), operations.get(ADDRESS, 0)));
            return attributes.get(ADDRESS, 0);
        }

        /// A matrix whose address is not known yet.
        private MemorySegment argument(int index, int word, MemorySegment description) throws Throwable {
            MemorySegment memory = own(destroyMemory);
            require("memory", (int) createMemory.invokeExact(memory, description, engine, MemorySegment.NULL));
            arguments.set(JAVA_INT, index * ARGUMENT_BYTES, word);
            arguments.set(ADDRESS, index * ARGUMENT_BYTES + Long.BYTES, memory.get(ADDRESS, 0));
            return memory.get(ADDRESS, 0);
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
            }
        }
    }

    /// Frees what threads kept; none may be multiplying.
    @Override
    public void close() {
        for (Worker one = workers.poll(); one != null; one = workers.poll()) {
            one.products.values().forEach(Product::close);
            one.products.clear();
            try {
                require("destroying", (int) destroyStream.invokeExact(one.stream));
            } catch (Throwable failure) {
                throw NativeFunctions.unexpected(failure);
            }
        }
    }

    private static void require(String what, int status) {
        if (status != 0) {
            throw new IllegalStateException("onednn: expected a " + what + ", got status " + status);
        }
    }
}
