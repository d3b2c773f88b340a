package dev.wellspring.queries.task.planning;

/// Where the packages and vehicles of a [Delivery] are, in two numbers.
///
/// @param packages 7 bits for each
/// @param vehicles a location in 4 bits for each of up to three trucks, then a city in 2 bits for each airplane
record Freight(long packages, int vehicles) {
    /// A package at a location that waits for a truck has the location as its status; one in a truck this, and the
    /// truck's city.
    static final int IN_TRUCK = 32;

    /// At its goal.
    static final int DONE = 63;

    /// Lying at a city's airport or in one of the airplanes that came by: this, 8 · the city, and a bit for each
    /// airplane.
    static final int BY_AIR = 64;

    /// The city of a package by air that does not lie at any airport.
    static final int NO_CITY = 7;

    private static final int PARCEL_BITS = 7;
    private static final int TRUCK_BITS = 4;
    private static final int AIRPLANE_BITS = 2;
    private static final int AIRPLANES = 3 * TRUCK_BITS;

    int truck(int city) {
        return (vehicles >>> (TRUCK_BITS * city)) & ((1 << TRUCK_BITS) - 1);
    }

    int airplane(int number) {
        return (vehicles >>> (AIRPLANES + AIRPLANE_BITS * number)) & ((1 << AIRPLANE_BITS) - 1);
    }

    int status(int parcel) {
        return (int) (packages >>> (PARCEL_BITS * parcel)) & ((1 << PARCEL_BITS) - 1);
    }

    Freight with(int parcel, int status) {
        int shift = PARCEL_BITS * parcel;
        return new Freight(put(packages, shift, PARCEL_BITS, status), vehicles);
    }

    Freight drive(int city, int location) {
        int shift = TRUCK_BITS * city;
        return new Freight(packages, (int) put(vehicles, shift, TRUCK_BITS, location));
    }

    Freight fly(int airplane, int city) {
        int shift = AIRPLANES + AIRPLANE_BITS * airplane;
        return new Freight(packages, (int) put(vehicles, shift, AIRPLANE_BITS, city));
    }

    private static long put(long into, int shift, int bits, long value) {
        return (into & ~(((1L << bits) - 1) << shift)) | (value << shift);
    }
}
