using System.Diagnostics;
using System.Globalization;
using System.Text;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>A tag of git that names a slice.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Tag">The tag's name.</param>
/// <param name="Commit">The commit that it is of.</param>
/// <param name="Key">The slice's key.</param>
/// <param name="DatasetSha256">The digest of its data set.</param>
public sealed record SliceTag(string Version, string Tag, string Commit, string Key, string DatasetSha256)
{
    /// <summary>The tag's name.</summary>
    public override string ToString() => Tag;
}

/// <summary>
/// Ships a slice: makes an annotated tag of git that holds its key and digests. From then on a check compares slice.json with what the
/// tag has.
/// </summary>
public static class TagSlice
{
    /// <summary>What the names of its tags begin with.</summary>
    internal const string Folder = "slice/";

    // Where tags are signed, somebody may have to type a passphrase.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <param name="repository">The repository.</param>
    /// <param name="version">The slice.</param>
    /// <param name="context">Cancellation.</param>
    /// <exception cref="HarvestException">SliceNotFound, GitMissing, SliceNotCommitted, TagTaken, GitRefused.</exception>
    public static SliceTag Run(Repository repository, string version, WorkContext context)
    {
        (SliceTag tag, string message) = Prepare(repository, version, context);
        ProcessStartInfo start = GitProgram.In(repository.Root)!;
        foreach (string argument in new[] { "tag", "-a", "-F", "-", tag.Tag, tag.Commit })
        {
            start.ArgumentList.Add(argument);
        }

        ProgramAnswer? answer = ProgramCall.Run(start, s_patience, Encoding.UTF8.GetBytes(message));
        return answer is { ExitCode: 0 } ? tag : throw TagErrors.GitRefused(tag.Tag, answer is null ? "it did not answer" : PlainText.OneLine(answer.Error.Trim()));
    }

    /// <summary>What can be wrong is found without making a tag.</summary>
    /// <returns>The tag that would be made.</returns>
    /// <exception cref="HarvestException">As <see cref="Run"/>.</exception>
    public static SliceTag Check(Repository repository, string version, WorkContext context) => Prepare(repository, version, context).Tag;

    private static (SliceTag Tag, string Message) Prepare(Repository repository, string version, WorkContext context)
    {
        SliceManifest slice = repository.Slices.Load(version, context.Cancellation);
        string name = Folder + slice.Version;
        if (GitProgram.In(repository.Root) is null || GitHead.TryRead(repository.Root) is not { } commit)
        {
            throw TagErrors.GitMissing();
        }

        if (GitTags.Names(repository.Root).FirstOrDefault(tag => tag.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } taken)
        {
            throw TagErrors.TagTaken(slice.Version, taken);
        }

        string path = $"{repository.Settings.SlicesFolder}/{slice.Version}/{SliceStore.FileName}";
        using (var files = new GitFiles(repository.Root))
        {
            if (files.TryRead("HEAD", path) is not { } committed || !committed.AsSpan().SequenceEqual(AtomicFile.ReadAllBytes(repository.Slices.PathOf(slice.Version))))
            {
                throw TagErrors.SliceNotCommitted(slice.Version, path);
            }
        }

        var made = new SliceTag(slice.Version, name, commit, SliceInputs.KeyOf(repository, slice), DatasetDigest.Of(repository, slice));
        return (made, Message(slice, made));
    }

    private static string Message(SliceManifest slice, SliceTag tag)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"slice {slice.Version}{(slice.Reason is { } reason ? $": {PlainText.OneLine(reason)}" : "")}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"slice-key {tag.Key}\n");
        text.Append(CultureInfo.InvariantCulture, $"dataset-sha256 {tag.DatasetSha256}\n");
        text.Append(CultureInfo.InvariantCulture, $"harvest {slice.HarvestVersion} {slice.HarvestSha256 ?? "-"}\n");
        if (slice.Media is { } media)
        {
            text.Append(CultureInfo.InvariantCulture, $"media {media.Sha256}\n");
        }

        foreach (SliceExport export in slice.Exports)
        {
            text.Append(CultureInfo.InvariantCulture, $"export {export.Project} {export.Sha256}\n");
        }

        foreach (SliceOutput output in slice.Outputs)
        {
            text.Append(CultureInfo.InvariantCulture, $"table {output.Table} {output.Export[..12]} {output.Rows} {output.Sha256}\n");
        }

        foreach (ProgramOutput output in slice.ProgramOutputs)
        {
            text.Append(CultureInfo.InvariantCulture, $"file {output.Path} {output.Rows} {output.Sha256 ?? output.RowsSha256}\n");
        }

        return text.ToString();
    }
}
