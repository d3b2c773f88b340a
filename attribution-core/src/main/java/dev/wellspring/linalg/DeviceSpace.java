package dev.wellspring.linalg;

/// The memory of a device that tensors live in.
///
/// @param totalBytes what the device has
/// @param freeBytes what no process has taken
public record DeviceSpace(long totalBytes, long freeBytes) {}
