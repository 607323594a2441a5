// script
import.meta;
