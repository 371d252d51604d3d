using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Decisions.States;
using HarvestTools.Drift;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>
/// The exports that the retrain decision compares, read from the archive, else from recorded paths. What can be read from
/// neither is collected, so that one error names all of it.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="slices">Its slices.</param>
/// <param name="source">Gives parts.</param>
/// <param name="ids">The ids in Label Studio that the file at an export's recorded path has; empty where they cannot be known.</param>
internal sealed class RetrainExports(
    Repository repository, IReadOnlyList<SliceManifest> slices, PartSource source, Func<string, SliceExport, string, IReadOnlyList<long>> ids)
{
    private readonly List<string> _missing = [];
    private readonly List<string> _warnings = [];
    private int _outside;

    /// <summary>What makes the candidate's exports doubtful.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>
    /// The newest archived export of each project. Of a project of which this machine has archived nothing, what the newest
    /// slice names, or the file that is at its path now.
    /// </summary>
    /// <param name="newest">The newest archived export of each project.</param>
    public List<SliceExport> Candidate(IReadOnlyList<ExportRecord> newest)
    {
        List<SliceExport> candidate = [.. newest.Select(ExportSelection.RequireLabels).Select(ExportSelection.ToSliceExport)];
        HashSet<string> archived = [.. repository.Archive.Projects()];
        var uses = new Lazy<SliceUses>(() => new SliceUses(slices));
        if (uses.Value.All is [.., { } last])
        {
            var succession = new ExportSuccession(repository, uses);

            // What another machine archived, and a slice names, is newer than what is here.
            foreach ((SliceManifest slice, SliceExport newer, SliceExport here) in NewerElsewhere.All(repository, slices, candidate).ToArray())
            {
                candidate[candidate.IndexOf(here)] = Now(succession, slice, newer);
            }

            candidate.AddRange(last.Exports
                .Where(export => repository.Archive.CurrentName(export.Project) is var name
                    && !archived.Contains(name) && !repository.Settings.ProjectNames.IsRetired(name))
                .Select(export => SliceInputs.UnderPresentName(repository, Now(succession, last, export))));
        }

        return candidate;
    }

    /// <summary>The parts of those exports that can be read.</summary>
    public List<(SliceExport Export, Part Part)> Parts(string version, IEnumerable<SliceExport> exports, HarvestDefinition definition)
    {
        var parts = new List<(SliceExport Export, Part Part)>();
        foreach (SliceExport named in exports)
        {
            SliceExport export = NotErased(version, named);
            try
            {
                parts.Add((export, source.Get(version, export, definition).Part));
            }
            catch (HarvestException fault) when (DerivationErrors.IsOfMissingInput(fault))
            {
                string where = export.Path ?? (export.Name is null ? "no recorded path" : $"{export.Name}, from outside the repository");
                string what = $"{Figures.ShortHash(export.Sha256)} of project {export.Project} ({where})";
                if (!_missing.Contains(what))
                {
                    _missing.Add(what);
                    _outside += export.Path is null ? 1 : 0;
                }
            }
        }

        return parts;
    }

    /// <summary>What is left of an export that was erased; else the export.</summary>
    private SliceExport NotErased(string version, SliceExport export)
    {
        if (!repository.Archive.IsRemoved(export.Sha256) || repository.Archive.RedactedOf(export.Project, export.Sha256) is not { } redacted)
        {
            return export;
        }

        string warning = $"Exports of {version} were erased; what is left of them counts in their place.";
        if (!_warnings.Contains(warning))
        {
            _warnings.Add(warning);
        }

        return ExportSelection.ToSliceExport(redacted);
    }

    /// <summary>Names a slice that belongs to the corpus and is left out of it.</summary>
    public void WarnOfCorpus(SliceManifest slice) =>
        _warnings.Add($"Episodes that only {slice.Version} has are not counted in the corpus: one of its exports is not on this machine.");

    /// <exception cref="HarvestException">StateNotReadable: an export could not be read.</exception>
    public void RequireAll()
    {
        if (_missing.Count > 0)
        {
            throw DecisionErrors.StateNotReadable(_missing, _outside, repository.MakeRelative(repository.Archive.Folder) ?? repository.Archive.Folder);
        }
    }

    private SliceExport Now(ExportSuccession succession, SliceManifest slice, SliceExport export)
    {
        if (SliceInputs.RecordedPath(repository, export) is not { } path
            || !File.Exists(path)
            || ExportContent.HashOf(path) is var actual && actual == export.Sha256)
        {
            return export;
        }

        FileAtPath file = succession.Of(slice, export, actual);
        file = file.Standing is FileStanding.Unknown or FileStanding.NoStore ? succession.Of(export, file, ids(slice.Version, export, path)) : file;
        if (file.Standing is FileStanding.NewOfOtherProject)
        {
            _warnings.Add($"{export.Path} is an export of {(file.Project is { } other ? $"project {other}" : $"another project of Label Studio ({file.LabelStudioId})")}, not of {export.Project}, and is not taken for one.");
        }

        if (file.Standing is FileStanding.Earlier or FileStanding.OfOtherProject or FileStanding.NewOfOtherProject)
        {
            return export;
        }

        // All exports that a slice was made of are known, and this is none of them.
        if (file.Standing != FileStanding.Later)
        {
            _warnings.Add($"{export.Path} is no longer the export that {slice.Version} was made of, and is taken for a later one of project {export.Project}.");
        }

        SliceExport? known = slices.SelectMany(static other => other.Exports).FirstOrDefault(other => other.Sha256 == actual && other.Project == export.Project);
        return known ?? new SliceExport { Project = export.Project, Sha256 = actual, Path = export.Path, LabelConfigSha256 = export.LabelConfigSha256 };
    }
}
