using HarvestTools.Cache;
using HarvestTools.Files;

namespace HarvestTools.Repositories;

/// <summary>People whose annotations the index of lineage has; it is filled as questions are asked, and no export is read for this.</summary>
public static class KnownAnnotators
{
    // Somebody waits for a completion.
    private const int MostExports = 50;

    /// <param name="repository">The repository.</param>
    /// <returns>Ids in Label Studio with the number of annotations in the export that has most of theirs, by id; none where nothing was asked yet.</returns>
    public static IReadOnlyList<(long Id, int Annotations)> Of(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var people = new SortedDictionary<long, int>();
        foreach (string path in Newest(LineageIndexes.PeopleFolderOf(repository.CacheFolder)))
        {
            foreach (IGrouping<long, long> person in AnnotationIndex.TryLoad(path)?.Annotators.Where(static id => id > 0).GroupBy(static id => id) ?? [])
            {
                people[person.Key] = Math.Max(people.GetValueOrDefault(person.Key), person.Count());
            }
        }

        return [.. people.Select(static person => (person.Key, person.Value))];
    }

    private static string[] Newest(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles().OrderByDescending(static file => file.LastWriteTimeUtc).Take(MostExports).Select(static file => file.FullName).ToArray() : [];
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            return [];
        }
    }
}
