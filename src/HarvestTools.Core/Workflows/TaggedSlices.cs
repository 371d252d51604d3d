using HarvestTools.Files;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>Looks for slices that a tag of git names and that are not in the checkout any more: what was shipped was removed.</summary>
public static class TaggedSlices
{
    /// <param name="repository">The repository.</param>
    /// <returns>A warning a tag, for tags named <c>slice/VERSION</c> of commits that the present one follows; none where git does not say.</returns>
    public static IReadOnlyList<ExportNotice> Gone(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        (string Tag, string Version)[] absent =
        [
            .. GitTags.TryNames(repository.Root)
                .Where(static tag => tag.StartsWith(TagSlice.Folder, StringComparison.Ordinal))
                .Select(static tag => (tag, tag[TagSlice.Folder.Length..]))
                .Where(one => SliceNames.WhyNotVersion(one.Item2) is null && !File.Exists(repository.Slices.PathOf(one.Item2)))
        ];
        if (absent.Length == 0)
        {
            return [];
        }

        // On a branch of its own a slice is not gone: it was never here.
        IReadOnlyList<string> followed = GitState.TagsBefore(repository.Root);
        using var git = new GitFiles(repository.Root);
        return
        [
            .. absent
                .Where(one => followed.Contains(one.Tag) && git.TryRead($"refs/tags/{one.Tag}", $"{FolderOf(one.Version)}/{SliceStore.FileName}") is not null)
                .Select(one => ExportNotice.Of(TagErrors.TaggedSliceGone(one.Version, one.Tag, FolderOf(one.Version))))
        ];

        string FolderOf(string version) => $"{repository.Settings.SlicesFolder}/{version}";
    }
}
