using System.Globalization;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Repositories;

namespace HarvestTools.Space;

/// <summary>
/// Files that the archive keeps for git-lfs: no record names them, pointers in git's history do, and a checkout of an old commit
/// asks for them.
/// </summary>
internal static class LfsReach
{
    // A pointer is three lines; with extensions it has some more.
    private const int Smallest = 100;
    private const int Largest = 1024;

    /// <summary>Keeps those of some objects to which a pointer leads, on whatever branch it was ever committed.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="reach">What is added to.</param>
    /// <param name="unreached">Objects that nothing else needs; where there is none git is not asked.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="HarvestException">GitNotRead.</exception>
    public static void Add(Repository repository, ReachableObjects reach, IReadOnlySet<string> unreached, CancellationToken cancellation)
    {
        if (unreached.Count == 0 || !GitObjects.IsCheckout(repository.Root))
        {
            return;
        }

        if (GitObjects.LacksObjects(repository.Root))
        {
            foreach (string sha256 in unreached)
            {
                reach.Add(sha256, "object", "a pointer of git-lfs may lead to it, in what this clone did not fetch of git's history");
            }

            reach.Notes.Add($"'{repository.Root}' is a partial clone: where pointers of git-lfs lead to is not known here, so that nothing goes. A full clone knows.");
            return;
        }

        using var git = new GitObjects(repository.Root, cancellation);
        string[] objects = GitObjects.Lines(
            repository.Root, '\n', "cat-file", GitProgram.Option("batch-all-objects"), GitProgram.Option("batch-check=%(objectname) %(objecttype) %(objectsize)"));
        foreach (string[] words in objects.Select(static line => line.Split(' ')))
        {
            cancellation.ThrowIfCancellationRequested();
            if (words is [var id, "blob", var size] && int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) && bytes is >= Smallest and <= Largest
                && git.TryRead(id) is { } blob && LfsPointer.TryParse(blob.Bytes)?.Oid is { } oid && unreached.Contains(oid))
            {
                reach.Add(oid, "file of git-lfs", "a pointer of git-lfs in git's history");
            }
        }
    }
}
