namespace HarvestTools.Cli;

/// <summary>When the program's heap is compacted. The process is the program's own, so that it may decide this for all of it.</summary>
internal static class CollectorPolicy
{
    /// <summary>
    /// Gives back to the system what the phase that ends has taken: what the next phase takes then comes in its place. Left to
    /// itself, the collector waits until much more is used.
    /// </summary>
    public static void Compact() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
