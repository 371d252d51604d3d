using System.Globalization;
using HarvestTools.Fuzz;

// Usage: [--seconds N] [--seed N] [--keep FOLDER] [TARGET ...]; see README.md beside this file.
var options = new FuzzOptions();
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--seconds":
            options.Seconds = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--seed":
            options.Seed = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--keep":
            options.Keep = args[++i];
            break;
        case "--worker":
            options.Worker = args[++i];
            break;
        default:
            options.Targets.Add(args[i]);
            break;
    }
}

return options.Worker is { } box ? FuzzWorker.Run(options, box) : FuzzDriver.Run(options);
