using System.Globalization;
using System.Text;

namespace HarvestTools.Cli;

/// <summary>Remedies as commands of <c>harvest</c>, quoted for the user's shell.</summary>
internal sealed class ProgramSpelling(Func<string, string> quote) : ICommandSpelling
{
    /// <summary>For the shells of this system.</summary>
    public static readonly ProgramSpelling Instance = new(ShellQuoting.Quote);

    public string Spell(RemedyAction action) => action switch
    {
        RemedyAction.InitializeRepository => "harvest init",
        RemedyAction.ChooseRepository => "-C DIR",
        RemedyAction.HashExport hash => Line("harvest hash").File(hash.Path),
        RemedyAction.AddExport add => Line("harvest add").File(add.Path).Option("--project", add.Project).Option("--label-config", add.LabelConfig).Flag("--newest", add.Newest),
        RemedyAction.RestoreExport restore => Line("harvest restore").File(restore.Export).Option("--to", restore.To) + (restore.Force ? " --force" : ""),
        RemedyAction.RemoveSlice remove => Line("harvest remove").Argument(remove.Version),
        RemedyAction.ListExports => "harvest exports",
        RemedyAction.RepairArchive => "harvest fsck --repair",
        RemedyAction.NewSlice make => Line("harvest new").Argument(make.Version ?? "VERSION").Option("--definition", make.Definition).Option("--parent", make.Parent).Option("--export", make.Project).Options("--export", make.Exports ?? []).Option("--prefer", make.Prefer).Flag("--allow-shrink", make.AllowShrink).Flag("--allow-leak", make.AllowLeak).Flag("--media", make.Media),
        RemedyAction.RenameProject rename => Line("harvest project rename").Argument(rename.Project).Argument(rename.NewName),
        RemedyAction.RetireProject retire => Line("harvest project retire").Argument(retire.Project),
        RemedyAction.UnretireProject back => Line("harvest project unretire").Argument(back.Project),
        RemedyAction.AddProjectId add => Line("harvest project add-id").Argument(add.Project).Argument(add.Id.ToString(CultureInfo.InvariantCulture)),
        RemedyAction.RemoveProjectId remove => Line("harvest project remove-id").Argument(remove.Project).Argument(remove.Id.ToString(CultureInfo.InvariantCulture)),
        RemedyAction.ListSlices => "harvest slices",
        RemedyAction.TraceRows rows => Line("harvest source").Argument(rows.Version).Flag("--rows", true),
        RemedyAction.BuildSlice build => Line("harvest build").Argument(build.Version),
        RemedyAction.CheckSlice check => Line("harvest check").Argument(check.Version).Flag("--twice", check.Twice),
        RemedyAction.TrustProgram trust => Line("harvest trust").Option("--slice", trust.Version).Option("--definition", trust.Definition),
        RemedyAction.ListTrusted => "harvest trust --list",
        RemedyAction.PushSlices push => Optional(Line("harvest push"), push.Version).Flag("--deep", push.Deep).Flag("--media", push.Media).Flag("--tables", push.Tables),
        RemedyAction.CollectRemote gc => Line("harvest gc").Option("--remote", gc.Remote ?? RemedyAction.AnyName).Option("--forget", gc.Forget).Flag("--exclusive", gc.Exclusive),
        RemedyAction.PullSlices pull => Optional(Line("harvest pull"), pull.Version).Flag("--media", pull.Media),
        RemedyAction.ShowHistory => "harvest log",
        RemedyAction.RegisterModel register => Register(register),
        RemedyAction.ReplaceModel replace => Replace(replace),
        RemedyAction.PromoteModel promote => Promote(promote),
        RemedyAction.EraseWork erase => Erase(erase),
        RemedyAction.PinEvalSet pin => Line("harvest pin-eval").File(pin.Path ?? "PATH"),
        RemedyAction.ShowRetrainState => "harvest decide --json",
        RemedyAction.RestoreFromGit { Revision: { } revision } restore => Line("git checkout").Argument(revision).Argument("--").Argument(restore.Path),
        RemedyAction.RestoreFromGit restore => Line("git checkout --").Argument(restore.Path),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "An action without a spelling."),
    };

    private string Register(RemedyAction.RegisterModel register)
    {
        CommandLine line = Line("harvest register").Argument(register.Version ?? "VERSION").Argument(RemedyAction.AnyName);
        line = register.Path is null ? line : line.File(register.Path);
        return line.Option("--metric", register.Metric is null ? null : $"{register.Metric}=0.91");
    }

    private string Erase(RemedyAction.EraseWork erase)
    {
        CommandLine line = Line("harvest erase").Option("--annotator", erase.Annotator?.ToString(CultureInfo.InvariantCulture));
        foreach (string email in erase.Emails)
        {
            line = line.Option("--email", email);
        }

        return line.Option("--episode", erase.Episode).Option("--project", erase.Project).Argument(erase.Step switch
        {
            ErasureStep.Plan => "--plan",
            ErasureStep.Remove => "--remove",
            _ => "--prove",
        });
    }

    private string Promote(RemedyAction.PromoteModel promote)
    {
        // As for a model that is replaced: the name comes last where it begins with a dash.
        string name = promote.Name ?? RemedyAction.AnyName;
        CommandLine line = Line("harvest promote");
        line = name.StartsWith('-') ? line : line.Argument(name);
        line = line.Option("--slice", promote.Version).Option("--reason", "TEXT");
        return name.StartsWith('-') ? line.Argument("--").Argument(name) : line;
    }

    private string Replace(RemedyAction.ReplaceModel replace)
    {
        // A name that begins with a dash would be taken for an option, so the options come before the mark that ends them.
        bool dash = replace.Name.StartsWith('-');
        CommandLine line = Line("harvest register");
        line = dash ? Options(line, replace).Argument("--") : line;
        line = line.Argument(replace.Version).Argument(replace.Name);
        line = replace.Path is null ? line : line.File(replace.Path);
        return dash ? line : Options(line, replace);
    }

    private static CommandLine Options(CommandLine line, RemedyAction.ReplaceModel replace)
    {
        foreach ((string metric, double value) in replace.Metrics)
        {
            line = line.Option("--metric", string.Create(CultureInfo.InvariantCulture, $"{metric}={value}"));
        }

        return line.Argument("--force");
    }

    private static CommandLine Optional(CommandLine line, string? word) => word is null ? line : line.Argument(word);

    private CommandLine Line(string command) => new(command, quote);

    /// <summary>A command line word by word.</summary>
    private sealed class CommandLine(string command, Func<string, string> quote)
    {
        private readonly StringBuilder _text = new(command);

        public static implicit operator string(CommandLine line) => line._text.ToString();

        public CommandLine Argument(string word)
        {
            _text.Append(' ').Append(quote(word));
            return this;
        }

        // A file whose name begins with a dash would be taken for an option.
        public CommandLine File(string? path) => Argument(path is null ? "FILE" : path.StartsWith('-') ? $"./{path}" : path);

        public CommandLine Flag(string name, bool set)
        {
            _text.Append(set ? $" {name}" : "");
            return this;
        }

        // After a space, a value that begins with a dash would be taken for the next option.
        public CommandLine Option(string name, string? value)
        {
            if (value is not null)
            {
                _text.Append(' ').Append(name).Append(value.StartsWith('-') ? '=' : ' ').Append(quote(value));
            }

            return this;
        }

        public CommandLine Options(string name, IReadOnlyList<string> values) => values.Aggregate(this, (line, value) => line.Option(name, value));
    }
}
