using HarvestTools.Json;

namespace HarvestTools.Remotes;

/// <summary>
/// Which objects of a remote were found damaged: a small file for each, <c>damaged/&lt;sha256&gt;</c>, left by whoever read one and saw it, so
/// that the next push from a machine that has the right bytes replaces it.
/// </summary>
internal static class DamageMarks
{
    private const string Folder = "damaged/";

    /// <summary>The objects that are marked.</summary>
    public static IReadOnlySet<string> Of(IRemoteFiles files, CancellationToken cancellation) => files.List(Folder, cancellation)
        .Select(static file => file.Path[Folder.Length..])
        .Where(static name => Sha256Text.IsNormal(name))
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Marks an object. Who may only read the remote leaves no mark: the error that he gets is what counts.</summary>
    public static void TryPut(IRemoteFiles files, string sha256, CancellationToken cancellation)
    {
        try
        {
            _ = files.TryCreate(Folder + sha256, Upload.OfBytes(sha256, "damaged\n"u8.ToArray()), cancellation);
        }
        catch (HarvestException)
        {
            // Not allowed to write.
        }
    }

    /// <summary>Takes the mark away, once the object is right.</summary>
    public static void Remove(IRemoteFiles files, string sha256, CancellationToken cancellation) => _ = files.Remove(Folder + sha256, cancellation);
}
