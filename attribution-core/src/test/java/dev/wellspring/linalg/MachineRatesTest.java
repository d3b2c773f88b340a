package dev.wellspring.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineRatesTest {
    @Test
    void everyRateIsThatOfThisMachine() {
        try (LinearAlgebra algebra = new ReferenceLinearAlgebra()) {
            JsonNode rates = MachineRates.measure(algebra, List.of(DType.BFLOAT16, DType.FLOAT64), 32, 1 << 20, 0.01);
            // Between a product a second and what no processor reaches.
            assertThat(rates.get("gemm").get("bfloat16").asDouble()).isBetween(1e5, 1e14);
            assertThat(rates.get("gemm").get("float64").asDouble()).isBetween(1e5, 1e14);
            assertThat(rates.get("copy").asDouble()).isBetween(1e6, 1e14);
        }
    }
}
