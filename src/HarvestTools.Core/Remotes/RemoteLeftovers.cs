namespace HarvestTools.Remotes;

/// <summary>A temporary file of a remote: of an upload that is under way, or of one that was killed.</summary>
/// <param name="Path">With <c>/</c>, from the remote's own folder on.</param>
/// <param name="Written">When its bytes were changed last; null where the store does not say.</param>
internal sealed record RemoteLeftover(string Path, DateTimeOffset? Written);

/// <summary>
/// What killed uploads leave in a remote that shows files while they are written. They take space and do no other harm.
/// </summary>
internal static class RemoteLeftovers
{
    // A remote may be a folder in which others keep other things.
    private static readonly string[] s_folders = ["sha256", "packs", "exports", "parts", "tables", "damaged", "registry", "leases", "gc", "lfs", Archive.LocalObjectStore.QuarantineName];

    // Longer than any upload is silent: whose file it is cannot be asked, it may be another machine's.
    private static readonly TimeSpan s_age = TimeSpan.FromDays(1);

    /// <summary>All that there are, old or not.</summary>
    public static IReadOnlyList<RemoteLeftover> Of(IRemoteFiles files, CancellationToken cancellation) =>
        [.. s_folders.SelectMany(folder => files.Leftovers(folder, cancellation))];

    /// <summary>
    /// Removes those that nobody can be writing any more; how many. A remote in which nothing may be removed keeps them: they are no
    /// reason for a push to fail.
    /// </summary>
    public static int Remove(IRemoteFiles files, DateTimeOffset now, CancellationToken cancellation)
    {
        int removed = 0;
        try
        {
            foreach (RemoteLeftover one in Of(files, cancellation).Where(one => now - one.Written > s_age))
            {
                removed += files.Remove(one.Path, cancellation) ? 1 : 0;
            }
        }
        catch (HarvestException)
        {
            // What was pushed is there all the same.
        }

        return removed;
    }
}
