namespace HarvestTools.Cli.Commands;

/// <summary>All commands under their root.</summary>
internal static class CommandTree
{
    public static ProgramRoot Root()
    {
        return new ProgramRoot("Versioned training sets from Label Studio exports.")
        {
            new InitCommand(),
            new HashCommand(),
            new AddCommand(),
            new ExportsCommand(),
            new ProjectCommand(),
            new RestoreCommand(),
            new NewCommand(),
            new SlicesCommand(),
            new ShowCommand(),
            new RemoveCommand(),
            new TrustCommand(),
            new ImportDvcCommand(),
            new BuildCommand(),
            new CheckCommand(),
            new DiffCommand(),
            new DiffExportCommand(),
            new ImpactCommand(),
            new LogCommand(),
            new SourceCommand(),
            new BlameCommand(),
            new EraseCommand(),
            new RegisterCommand(),
            new ModelsCommand(),
            new PromoteCommand(),
            new PinsCommand(),
            new ParamsCommand(),
            new TagCommand(),
            new BisectCommand(),
            new ReportCommand(),
            new PushCommand(),
            new PullCommand(),
            new RemoteCommand(),
            new FsckCommand(),
            new PackCommand(),
            new DuCommand(),
            new GcCommand(),
            new DecideCommand(),
            new PinEvalCommand(),
            new DemoCommand(),
            new LfsAgentCommand(),
            new CompletionCommand(),
            new CompleteCommand(),
            GlobalOptions.Directory,
            GlobalOptions.Json,
            GlobalOptions.Quiet,
            GlobalOptions.Threads,
            GlobalOptions.Offline,
            GlobalOptions.TrustProgram,
            GlobalOptions.Version,
        };
    }
}
