namespace HarvestTools.Errors;

/// <summary>
/// Something a user can do about an error or a finding, with its arguments. The engine names it; each front end spells it
/// as one of its own commands (<see cref="ICommandSpelling"/>).
/// </summary>
public abstract record RemedyAction
{
    /// <summary>In the place of a name that only the user knows.</summary>
    public const string AnyName = "NAME";

    /// <summary>In the place of a labeling configuration that only the user knows.</summary>
    public const string AnyConfig = "CONFIG";

    // The set is closed: a front end that spells every action below spells every remedy.
    private RemedyAction()
    {
    }

    /// <summary>The action's name in angle brackets, which no front end prints: a remedy that shows one was never spelled.</summary>
    public sealed override string ToString() => $"<{GetType().Name}>";

    /// <summary>Make a folder a repository.</summary>
    public sealed record InitializeRepository : RemedyAction;

    /// <summary>Name the repository to work in: an option of every command rather than a command.</summary>
    public sealed record ChooseRepository : RemedyAction;

    /// <summary>Show an export's SHA-256.</summary>
    /// <param name="Path">The file; null for one that only the user knows.</param>
    public sealed record HashExport(string? Path = null) : RemedyAction;

    /// <summary>Archive an export.</summary>
    /// <param name="Path">The file; null for one that only the user knows.</param>
    /// <param name="Project">Its project; null where the export says it.</param>
    public sealed record AddExport(string? Path = null, string? Project = null) : RemedyAction
    {
        /// <summary>The file of the labeling configuration to archive with it; null for none.</summary>
        public string? LabelConfig { get; init; }

        /// <summary>Whether it takes the place of exports whose labels go further.</summary>
        public bool Newest { get; init; }
    }

    /// <summary>Give a project another name, or join it with the project that has that name.</summary>
    /// <param name="Project">Its present name.</param>
    /// <param name="NewName">Its new one.</param>
    public sealed record RenameProject(string Project, string NewName) : RemedyAction;

    /// <summary>Keep a project, and take it into slices only when it is named.</summary>
    /// <param name="Project">The project.</param>
    public sealed record RetireProject(string Project) : RemedyAction;

    /// <summary>Take a retired project into slices again.</summary>
    /// <param name="Project">The project.</param>
    public sealed record UnretireProject(string Project) : RemedyAction;

    /// <summary>Say that a project has a further id in Label Studio.</summary>
    /// <param name="Project">The project.</param>
    /// <param name="Id">The id.</param>
    public sealed record AddProjectId(string Project, long Id) : RemedyAction;

    /// <summary>Take back that a project has a further id in Label Studio.</summary>
    /// <param name="Project">The project.</param>
    /// <param name="Id">The id.</param>
    public sealed record RemoveProjectId(string Project, long Id) : RemedyAction;

    /// <summary>Put an archived export back at a path.</summary>
    /// <param name="Export">Its hash or the first digits of it, after its project and a dash where it is under several.</param>
    /// <param name="To">Where to; null for where it was added from.</param>
    /// <param name="Force">Replace what else is there.</param>
    public sealed record RestoreExport(string Export, string? To = null, bool Force = false) : RemedyAction;

    /// <summary>List the archived exports.</summary>
    public sealed record ListExports : RemedyAction;

    /// <summary>Check the archive and repair what can be repaired.</summary>
    public sealed record RepairArchive : RemedyAction;

    /// <summary>Make a slice.</summary>
    /// <param name="Version">Its version; null for one that the user chooses.</param>
    /// <param name="Project">One of the exports or projects to take; null for the newest export of each project.</param>
    /// <param name="Prefer">Which export wins where two have the same task; null where none does.</param>
    /// <param name="Parent">The slice that it follows; null for the newest.</param>
    public sealed record NewSlice(string? Version = null, string? Project = null, string? Prefer = null, string? Parent = null) : RemedyAction
    {
        /// <summary>Whether it may have what its eval set has.</summary>
        public bool AllowLeak { get; init; }

        /// <summary>Whether a project may lose labelled tasks.</summary>
        public bool AllowShrink { get; init; }

        /// <summary>Whether its media are listed.</summary>
        public bool Media { get; init; }

        /// <summary>The exports to take, where they are several; null where they are not.</summary>
        public IReadOnlyList<string>? Exports { get; init; }

        /// <summary>The definition of harvest.json that it is made under; null where that need not be said.</summary>
        public string? Definition { get; init; }
    }

    /// <summary>Remove a slice.</summary>
    /// <param name="Version">The slice.</param>
    public sealed record RemoveSlice(string Version) : RemedyAction;

    /// <summary>List the slices.</summary>
    public sealed record ListSlices : RemedyAction;

    /// <summary>List the rows of a slice with where they come from.</summary>
    /// <param name="Version">The slice.</param>
    public sealed record TraceRows(string Version) : RemedyAction;

    /// <summary>Write a slice's tables from the archive.</summary>
    /// <param name="Version">The slice.</param>
    public sealed record BuildSlice(string Version) : RemedyAction;

    /// <summary>Check a slice against what it recorded.</summary>
    /// <param name="Version">The slice.</param>
    public sealed record CheckSlice(string Version) : RemedyAction
    {
        /// <summary>Whether its program is run twice, under two conditions.</summary>
        public bool Twice { get; init; }
    }

    /// <summary>Trust a program on this machine.</summary>
    /// <param name="Version">The slice that it is of; null for that of harvest.json.</param>
    public sealed record TrustProgram(string? Version = null) : RemedyAction
    {
        /// <summary>The definition of harvest.json that is meant; null where that need not be said.</summary>
        public string? Definition { get; init; }
    }

    /// <summary>List the programs that are trusted on this machine.</summary>
    public sealed record ListTrusted : RemedyAction;

    /// <summary>Put what slices name into a remote.</summary>
    /// <param name="Version">The slice; null for all.</param>
    /// <param name="Deep">Also read what is there, and replace what is damaged.</param>
    public sealed record PushSlices(string? Version = null, bool Deep = false) : RemedyAction
    {
        /// <summary>Whether the media go too.</summary>
        public bool Media { get; init; }

        /// <summary>Whether the tables go too.</summary>
        public bool Tables { get; init; }
    }

    /// <summary>Remove what nothing needs from a remote.</summary>
    /// <param name="Remote">The remote; null for one that only the user knows.</param>
    /// <param name="Forget">Id of a repository that is gone for good; null for none.</param>
    public sealed record CollectRemote(string? Remote = null, string? Forget = null) : RemedyAction
    {
        /// <summary>Whether nobody else works there meanwhile.</summary>
        public bool Exclusive { get; init; }
    }

    /// <summary>Bring what slices name from a remote.</summary>
    /// <param name="Version">The slice; null for all.</param>
    public sealed record PullSlices(string? Version = null) : RemedyAction
    {
        /// <summary>Whether the media come too.</summary>
        public bool Media { get; init; }
    }

    /// <summary>Show the slices with their parents and models.</summary>
    public sealed record ShowHistory : RemedyAction;

    /// <summary>Link a model to a slice.</summary>
    /// <param name="Version">The slice; null for one that only the user knows.</param>
    /// <param name="Metric">The name of a metric to register with it; null for none.</param>
    /// <param name="Path">Its artifact; null for none.</param>
    public sealed record RegisterModel(string? Version = null, string? Metric = null, string? Path = null) : RemedyAction;

    /// <summary>Register other facts under a name that a slice has already.</summary>
    /// <param name="Version">The slice.</param>
    /// <param name="Name">The model's name.</param>
    /// <param name="Path">Its artifact, a path or an address; null keeps the one that is registered.</param>
    public sealed record ReplaceModel(string Version, string Name, string? Path = null) : RemedyAction
    {
        /// <summary>The metrics to register with it.</summary>
        public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
    }

    /// <summary>Put a registered model into production.</summary>
    /// <param name="Name">The model; null for one that only the user knows.</param>
    /// <param name="Version">Its slice; null where one slice alone has a model of that name.</param>
    public sealed record PromoteModel(string? Name = null, string? Version = null) : RemedyAction;

    /// <summary>Record the eval set's hash in a slice.</summary>
    /// <param name="Path">Its file or folder; null for one that only the user knows.</param>
    public sealed record PinEvalSet(string? Path = null) : RemedyAction;

    /// <summary>Show the figures that the retrain decision is made of.</summary>
    public sealed record ShowRetrainState : RemedyAction;

    /// <summary>A step of the erasure of a person's work or an episode.</summary>
    /// <param name="Step">Which.</param>
    /// <param name="Annotator">The person's id; null for an episode.</param>
    /// <param name="Episode">The episode; null for a person.</param>
    /// <param name="Project">The one project that is meant; null for all.</param>
    public sealed record EraseWork(ErasureStep Step, long? Annotator, string? Episode, string? Project) : RemedyAction
    {
        /// <summary>E-mail addresses of the person that were given.</summary>
        public IReadOnlyList<string> Emails { get; init; } = [];
    }

    /// <summary>Take a file of the repository back from git.</summary>
    /// <param name="Path">The file, relative to the repository, with <c>/</c>.</param>
    public sealed record RestoreFromGit(string Path) : RemedyAction
    {
        /// <summary>The commit or tag that has it; null for what git has of it last.</summary>
        public string? Revision { get; init; }
    }

    /// <summary>Give a setting of harvest.json another value; no command does it.</summary>
    /// <param name="Key">The setting, with points between the levels: <c>harvest.version</c>.</param>
    /// <param name="Value">Its value, as JSON.</param>
    public sealed record EditSetting(string Key, string Value) : RemedyAction;
}

/// <summary>A step of an erasure.</summary>
public enum ErasureStep
{
    /// <summary>Exports and a definition without it are written.</summary>
    Plan,

    /// <summary>Exports that hold something of it, of which redacted ones are archived, are removed.</summary>
    Remove,

    /// <summary>Everything that is kept is searched.</summary>
    Prove,
}
